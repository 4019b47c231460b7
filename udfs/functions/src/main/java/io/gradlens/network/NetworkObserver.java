package io.gradlens.network;

import java.nio.file.Path;
import java.util.List;

/** Is told how training goes. */
public interface NetworkObserver {

  /** So many images were learned from since it was told last. */
  void learned(long images);

  /**
   * An epoch is done.
   *
   * @param history of all epochs so far
   * @param checkpoint a file from which training can go on; the observer may move it
   * @param isBest whether no epoch before had a lower loss of held-out pictures, or of training
   *     where none are held out
   */
  void epochDone(List<EpochRow> history, Path checkpoint, boolean isBest);
}
