package dev.meridian.alert;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes the header of a response and nothing of its body, however much or slowly it comes. */
final class NoBody implements HttpResponse.BodySubscriber<Void> {
  @Override
  public CompletionStage<Void> getBody() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.cancel();
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    // cancelled
  }

  @Override
  public void onError(Throwable throwable) {
    // nobody waits for the body
  }

  @Override
  public void onComplete() {
    // nobody waits for the body
  }
}
