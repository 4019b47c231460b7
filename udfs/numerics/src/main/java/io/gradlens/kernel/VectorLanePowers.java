package io.gradlens.kernel;

import static io.gradlens.kernel.LanePowers.COUNTER;
import static io.gradlens.kernel.LanePowers.COUNTER_ZERO;
import static io.gradlens.kernel.LanePowers.EXP;
import static io.gradlens.kernel.LanePowers.EXPONENT_BIAS;
import static io.gradlens.kernel.LanePowers.HALF_ROOT;
import static io.gradlens.kernel.LanePowers.LOG;
import static io.gradlens.kernel.LanePowers.MANTISSA_BITS;
import static io.gradlens.kernel.LanePowers.ROUNDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link LanePowers} a vector at a time. */
final class VectorLanePowers {
  private static final VectorSpecies<Double> SPECIES = AffineTiles.SPECIES;
  private static final int L = SPECIES.length();

  private VectorLanePowers() {}

  static void raise(double[] x, double p, double[] out, int n) {
    for (int l = 0; l < n; l += L) {
      DoubleVector numbers = DoubleVector.fromArray(SPECIES, x, l);
      LongVector bits = numbers.reinterpretAsLongs();
      LongVector exponent =
          bits.add((EXPONENT_BIAS << MANTISSA_BITS) - HALF_ROOT)
              .lanewise(VectorOperators.LSHR, MANTISSA_BITS);
      DoubleVector m =
          bits.sub(exponent.sub(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, MANTISSA_BITS))
              .reinterpretAsDoubles();
      DoubleVector s = m.sub(1).div(m.add(1));
      DoubleVector z = s.mul(s);
      DoubleVector log = DoubleVector.broadcast(SPECIES, LOG[10]);
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[9]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[8]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[7]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[6]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[5]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[4]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[3]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[2]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[1]));
      log = log.fma(z, DoubleVector.broadcast(SPECIES, LOG[0]));
      DoubleVector whole =
          exponent.lanewise(VectorOperators.OR, COUNTER).reinterpretAsDoubles().sub(COUNTER_ZERO);
      DoubleVector power = s.fma(log, whole).mul(p);
      DoubleVector rounded = power.add(ROUNDER);
      DoubleVector rest = power.sub(rounded.sub(ROUNDER));
      DoubleVector exp = DoubleVector.broadcast(SPECIES, EXP[13]);
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[12]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[11]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[10]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[9]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[8]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[7]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[6]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[5]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[4]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[3]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[2]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[1]));
      exp = exp.fma(rest, DoubleVector.broadcast(SPECIES, EXP[0]));
      exp.reinterpretAsLongs()
          .add(rounded.reinterpretAsLongs().lanewise(VectorOperators.LSHL, MANTISSA_BITS))
          .reinterpretAsDoubles()
          .intoArray(out, l);
    }
  }
}
