package io.gradlens.trajectory;

/** Why a trajectory is not solved at all; beside these a row's status is a solver's. */
enum Flaw {
  /** Fewer than two points. */
  TOO_SHORT,
  /** Times that are not finite, or do not strictly increase or decrease. */
  BAD_TIMES,
  /** States of another length than the field's, or another number of them than of times. */
  BAD_DIMENSION,
  /** Text where a number should be. */
  NOT_A_NUMBER,
  /** Not one finite number among the states. */
  NO_OBSERVATIONS,
  /** An initial state that is missing or not finite; the solver's status of the same name. */
  BAD_INITIAL
}
