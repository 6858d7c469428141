package dev.meridian.text;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/**
 * Why something could not be done, in words that end a sentence. The message of many an exception
 * is a path alone, or nothing: what went wrong is in its type then.
 */
public final class Reasons {
  private Reasons() {}

  /** For {@code "<what> cannot be read: " + Reasons.of(e)}; the path is not part of it. */
  public static String of(Throwable failure) {
    return switch (unwrapped(failure)) {
      case FileSystemException file -> ofFile(file);
      case CharacterCodingException _ -> "it is not UTF-8 text";
      case UnknownHostException name -> "the name '" + name.getMessage() + "' has no address";
      case EOFException end -> messageOr(end, "it ends too early");
      case ClosedChannelException _ -> "it has been closed";
      case Throwable other -> messageOr(other, other.getClass().getSimpleName());
    };
  }

  /** The same where what it is about has no other name: a file's path stands before the reason. */
  public static String withFile(Throwable failure) {
    boolean named = failure instanceof FileSystemException e && e.getFile() != null;
    return named ? ((FileSystemException) failure).getFile() + ": " + of(failure) : of(failure);
  }

  private static Throwable unwrapped(Throwable failure) {
    boolean wraps =
        failure instanceof UncheckedIOException || failure instanceof DirectoryIteratorException;
    Throwable cause = failure.getCause();
    return wraps && cause != null ? cause : failure;
  }

  private static String ofFile(FileSystemException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case NotDirectoryException _ -> "it is no folder";
      case FileAlreadyExistsException _ -> "there is a file of that name already";
      default -> {
        @Nullable String reason = failure.getReason();
        yield reason == null || reason.isEmpty() ? messageOf(failure) : reason;
      }
    };
  }

  private static String messageOf(IOException failure) {
    return failure.getClass().getSimpleName() + " of " + failure.getMessage();
  }

  private static String messageOr(Throwable failure, String other) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? other : message;
  }
}
