package io.gradlens.network;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.enums.MeshBuildMode;

/**
 * Where the driver and the workers that share gradients meet, for one job.
 *
 * @param driver its IPv4 address
 * @param port its UDP port
 * @param stream Aeron's number of the job's messages
 * @param workers how many there are
 */
record SharingMesh(String driver, int port, int stream, int workers) implements Serializable {

  /** Before a message that finds no room is tried again; DL4J's default is a second. */
  private static final long RETRY_MILLIS = 5;

  /**
   * A new one.
   *
   * @param host the driver's
   * @throws UserInputException if it has no IPv4 address
   */
  static SharingMesh at(String host, int workers) {
    try {
      String address =
          Arrays.stream(InetAddress.getAllByName(host))
              .filter(Inet4Address.class::isInstance)
              .findFirst()
              .orElseThrow(() -> new UnknownHostException("no IPv4 address"))
              .getHostAddress();
      int stream = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
      return new SharingMesh(address, freePort(address), stream, workers);
    } catch (UnknownHostException e) {
      throw new UserInputException(
          "Gradients are shared by IPv4, of which the driver's host '%s' has no address; set spark.driver.host."
              .formatted(host),
          e);
    }
  }

  /** DL4J's settings. */
  VoidConfiguration configuration() {
    VoidConfiguration configuration =
        VoidConfiguration.builder()
            .portSupplier(() -> port)
            .controllerAddress(driver)
            .meshBuildMode(MeshBuildMode.PLAIN)
            .streamId(stream)
            .retransmitTimeout(RETRY_MILLIS)
            .build();
    configuration.setUnicastControllerPort(port);
    return configuration;
  }

  /** This host's address on the way to the driver. */
  String ownAddress() {
    try (DatagramSocket socket = new DatagramSocket()) {
      // Sends nothing: it asks for the route.
      socket.connect(new InetSocketAddress(driver, port));
      return socket.getLocalAddress().getHostAddress();
    } catch (IOException e) {
      throw new UncheckedIOException("No way to the driver at " + driver, e);
    }
  }

  /** A UDP port of an address of this host that nobody has. */
  static int freePort(String address) {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(address))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot take a UDP port of " + address, e);
    }
  }
}
