package io.gradlens.jobs;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that writes a run.
 *
 * @param host its machine
 * @param pid its number there
 * @param started when it started, for numbers are used again
 */
record Owner(String host, long pid, String started) {

  static Owner self() {
    ProcessHandle self = ProcessHandle.current();
    return new Owner(hostName(), self.pid(), startOf(self));
  }

  /** True only where it is certain: the same host, and no such process on it. */
  boolean isDeadHere() {
    if (!hostName().equals(host)) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    return process.isEmpty() || !startOf(process.get()).equals(started);
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("unknown");
    }
  }
}
