package dev.meridian.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the sections of a standard that a test holds the server to; see docs/RFC-COVERAGE.md. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(Rfc.List.class)
public @interface Rfc {
  /** The number of the RFC. */
  int number();

  /** Sections without the sign, such as {@code "4.3.2"}. */
  String[] sections();

  /** Several standards for one test. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.TYPE, ElementType.METHOD})
  @interface List {
    /** Each of them. */
    Rfc[] value();
  }
}
