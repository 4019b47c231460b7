package io.gradlens.jobs;

/** The tables of a run, as far as a run of any command has to know them. */
interface OutputTables {

  /** Whether there is one. */
  boolean exist();

  /** Deletes everything that an earlier run wrote here. */
  void delete();
}
