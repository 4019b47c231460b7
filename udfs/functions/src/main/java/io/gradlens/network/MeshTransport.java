package io.gradlens.network;

import io.aeron.FragmentAssembler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.nd4j.parameterserver.distributed.v2.enums.PropagationMode;
import org.nd4j.parameterserver.distributed.v2.messages.INDArrayMessage;
import org.nd4j.parameterserver.distributed.v2.transport.impl.AeronUdpTransport;
import org.nd4j.parameterserver.distributed.v2.util.MeshOrganizer;

/**
 * DL4J's transport by UDP, with an end. DL4J's own leaves its threads running when it is shut down,
 * one of them busy; here they end, so that every job can have a mesh of its own. Nor do workers
 * connect to each other, for they hear of each other through the driver.
 */
final class MeshTransport extends AeronUdpTransport {
  private static final long POLL_NANOS = 200_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  static {
    // Aeron gives up a message that its reader has not taken; DL4J's readers may be busy.
    setIfMissing("aeron.publication.unblock.timeout", "60s");
    // A way to a neighbour takes three of these in shared memory, of which containers have little.
    setIfMissing("aeron.term.buffer.length", "1m");
    setIfMissing("aeron.dir.delete.on.shutdown", "true");
    setIfMissing("aeron.threading.mode", "SHARED");
  }

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private volatile boolean isClosed;

  /** At an address of this host that the driver can reach. */
  MeshTransport(String address, int port, SharingMesh mesh) {
    super(address, port, mesh.driver(), mesh.port(), mesh.configuration());
  }

  private static void setIfMissing(String property, String value) {
    System.getProperties().putIfAbsent(property, value);
  }

  /** How many take part, the driver too, as far as is known here. */
  int nodes() {
    return numerOfNodes.get();
  }

  /** How many updates went out. */
  long sent() {
    return sent.get();
  }

  /** Whether no update waits to be sent. */
  boolean isIdle() {
    return sent.get() == taken.get();
  }

  @Override
  protected void createSubscription() {
    ownSubscription = aeron.addSubscription(id(), voidConfiguration.getStreamId());
    messageHandler = new FragmentAssembler(this::jointMessageHandler);
    IdleStrategy idle = new SleepingIdleStrategy(POLL_NANOS);
    repeat("receive", () -> idle.idle(ownSubscription.poll(messageHandler, 64)));
    repeat("process", () -> next(messageQueue, this::processMessage));
    repeat("send", () -> next(propagationQueue, this::send));
  }

  private interface Step {
    void run() throws InterruptedException;
  }

  private void repeat(String name, Step step) {
    Thread thread =
        new Thread(
            () -> {
              while (!isClosed) {
                try {
                  step.run();
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            "gradient sharing: " + name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private static <T> void next(BlockingQueue<T> queue, Consumer<T> receiver)
      throws InterruptedException {
    T message = queue.poll(100, TimeUnit.MILLISECONDS);
    if (message != null) {
      receiver.accept(message);
    }
  }

  @Override
  protected void propagateArrayMessage(INDArrayMessage message, PropagationMode mode) {
    taken.incrementAndGet();
    if (!Patience.waitFor(() -> propagationQueue.offer(message), PATIENCE)) {
      throw new NetworkFailedException(
          "Updates do not reach the driver at %s by UDP; use --training-master averaging."
              .formatted(rootId));
    }
  }

  private void send(INDArrayMessage message) {
    try {
      redirectedPropagateArrayMessage(message);
      sent.incrementAndGet();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot send an update", e);
    }
  }

  @Override
  public void onMeshUpdate(MeshOrganizer mesh) {
    numerOfNodes.set(Math.toIntExact(mesh.totalNodes()));
  }

  @Override
  protected void shutdownSilent() {
    isClosed = true;
    remoteConnections.values().forEach(connection -> connection.getPublication().close());
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executorService.shutdownNow();
    aeron.close();
    context.close();
    driver.close();
  }
}
