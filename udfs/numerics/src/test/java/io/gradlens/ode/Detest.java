package io.gradlens.ode;

/**
 * The problems of DETEST (Hull, Enright, Fellen &amp; Sedgwick, Comparing Numerical Methods for
 * Ordinary Differential Equations, SIAM J. Numer. Anal. 9, 1972), t from 0 to 20, with the states
 * at 20 that Enright &amp; Pryce give for them (Two FORTRAN Packages for Assessing Initial Value
 * Methods, ACM Trans. Math. Softw. 13, 1987).
 */
enum Detest {
  A1((t, y, dydt) -> dydt[0] = -y[0], numbers(1), numbers(2.061153353012535e-09)),
  A2(
      (t, y, dydt) -> dydt[0] = -.5 * y[0] * y[0] * y[0],
      numbers(1),
      numbers(2.182178902359887e-01)),
  A3((t, y, dydt) -> dydt[0] = y[0] * Math.cos(t), numbers(1), numbers(2.491650271850414e+00)),
  A4(
      (t, y, dydt) -> dydt[0] = .25 * y[0] * (1 - .05 * y[0]),
      numbers(1),
      numbers(1.773016648131483e+01)),
  A5(
      (t, y, dydt) -> dydt[0] = (y[0] - t) / (y[0] + t),
      numbers(4),
      numbers(-7.887826688964196e-01)),
  B1(
      (t, y, dydt) -> {
        dydt[0] = 2 * (y[0] - y[0] * y[1]);
        dydt[1] = -(y[1] - y[0] * y[1]);
      },
      numbers(1, 3),
      numbers(6.761876008576667e-01, 1.860816099640036e-01)),
  B2(
      (t, y, dydt) -> {
        dydt[0] = -y[0] + y[1];
        dydt[1] = y[0] - 2 * y[1] + y[2];
        dydt[2] = y[1] - y[2];
      },
      numbers(2, 0, 1),
      numbers(1.000000001030576e+00, 1.000000000000000e+00, 9.999999989694235e-01)),
  B3(
      (t, y, dydt) -> {
        dydt[0] = -y[0];
        dydt[1] = y[0] - y[1] * y[1];
        dydt[2] = y[1] * y[1];
      },
      numbers(1, 0, 0),
      numbers(2.061153488557776e-09, 5.257228022048349e-02, 9.474277177183630e-01)),
  B4(
      (t, y, dydt) -> {
        double r = Math.hypot(y[0], y[1]);
        dydt[0] = -y[1] - y[0] * y[2] / r;
        dydt[1] = y[0] - y[1] * y[2] / r;
        dydt[2] = y[0] / r;
      },
      numbers(3, 0, 0),
      numbers(9.826950928005993e-01, 2.198447081694832e+00, 9.129452507276399e-01)),
  B5(
      (t, y, dydt) -> {
        dydt[0] = y[1] * y[2];
        dydt[1] = -y[0] * y[2];
        dydt[2] = -.51 * y[0] * y[1];
      },
      numbers(0, 1, 1),
      numbers(-9.396570798729192e-01, -3.421177754000779e-01, 7.414126596199957e-01)),
  C1(
      (t, y, dydt) -> {
        dydt[0] = -y[0];
        for (int i = 1; i < 9; i++) {
          dydt[i] = y[i - 1] - y[i];
        }
        dydt[9] = y[8];
      },
      unit(10),
      numbers(
          2.061153622240064e-09,
          4.122307244619555e-08,
          4.122307244716968e-07,
          2.748204829855288e-06,
          1.374102414941961e-05,
          5.496409659803266e-05,
          1.832136553274552e-04,
          5.234675866508716e-04,
          1.308668966628220e-03,
          9.979127409508656e-01)),
  C2(
      (t, y, dydt) -> {
        dydt[0] = -y[0];
        for (int i = 1; i < 9; i++) {
          dydt[i] = i * y[i - 1] - (i + 1) * y[i];
        }
        dydt[9] = 9 * y[8];
      },
      unit(10),
      numbers(
          2.061153577984930e-09,
          2.061153573736588e-09,
          2.061153569488245e-09,
          2.061153565239902e-09,
          2.061153560991560e-09,
          2.061153556743217e-09,
          2.061153552494874e-09,
          2.061153548246532e-09,
          2.061153543998189e-09,
          9.999999814496180e-01)),
  C3(
      Detest::diffusion,
      unit(10),
      numbers(
          2.948119211022058e-03,
          5.635380154844266e-03,
          7.829072515926013e-03,
          9.348257908594937e-03,
          1.007943610301970e-02,
          9.982674171429909e-03,
          9.088693332766085e-03,
          7.489115195185912e-03,
          5.322964130953349e-03,
          2.762434379029886e-03)),
  C4(
      Detest::diffusion,
      unit(51),
      numbers(
          3.124111453721466e-03,
          6.015416842150318e-03,
          8.470021834842650e-03,
          1.033682931733337e-02,
          1.153249572873923e-02,
          1.204549525737964e-02,
          1.192957068015293e-02,
          1.128883207111195e-02,
          1.025804501391024e-02,
          8.982017581934167e-03,
          7.597500902492453e-03,
          6.219920556824985e-03,
          4.935916341009131e-03,
          3.801432544256119e-03,
          2.844213677587894e-03,
          2.069123394222672e-03,
          1.464687282843915e-03,
          1.009545263941126e-03,
          6.779354330227017e-04,
          4.437815269118510e-04,
          2.833264542938954e-04,
          1.765005798796805e-04,
          1.073342592697238e-04,
          6.374497601777217e-05,
          3.698645309704183e-05,
          2.097466832643746e-05,
          1.162956710412555e-05,
          6.306710405783322e-06,
          3.346286430868515e-06,
          1.737760074184334e-06,
          8.835366904275847e-07,
          4.399520411127637e-07,
          2.146181897152360e-07,
          1.025981211654928e-07,
          4.807864068784215e-08,
          2.209175152474847e-08,
          9.956251263138180e-09,
          4.402193653748924e-09,
          1.910149382204028e-09,
          8.135892921473050e-10,
          3.402477118549235e-10,
          1.397485617545782e-10,
          5.638575303049199e-11,
          2.235459707956947e-11,
          8.710498036398032e-12,
          3.336554275346643e-12,
          1.256679567784939e-12,
          4.654359053128788e-13,
          1.693559145599857e-13,
          5.996593816663054e-14,
          1.891330702629865e-14)),
  C5(
      Detest::planets,
      numbers(
          3.42947415189,
          3.35386959711,
          1.35494901715,
          6.64145542550,
          5.97156957878,
          2.18231499728,
          11.2630437207,
          14.6952576794,
          6.27960525067,
          -30.1552268759,
          1.65699966404,
          1.43785752721,
          -21.1238353380,
          28.4465098142,
          15.3882659679,
          -.557160570446,
          .505696783289,
          .230578543901,
          -.415570776342,
          .365682722812,
          .169143213293,
          -.325325669158,
          .189706021964,
          .0877265322780,
          -.0240476254170,
          -.287659532608,
          -.117219543175,
          -.176860753121,
          -.216393453025,
          -.0148647893090),
      numbers(
          -4.792730224323733e+00,
          -2.420550725448973e+00,
          -9.212509306014886e-01,
          -4.217310404035213e+00,
          7.356202947498970e+00,
          3.223785985421212e+00,
          4.035559443262270e+00,
          1.719865528670555e+01,
          7.478910794233703e+00,
          -2.998759326324844e+01,
          -4.107310937550929e+00,
          -9.277008321754407e-01,
          -2.442125302518482e+01,
          2.381459045746554e+01,
          1.492096306951359e+01,
          3.499208963063806e-01,
          -5.748487687912825e-01,
          -2.551694020879149e-01,
          -5.237040978903326e-01,
          -2.493000463579661e-01,
          -8.045341642044464e-02,
          -3.875289237334110e-01,
          5.648603288767891e-02,
          3.023606472143342e-02,
          4.133856546712445e-02,
          -2.862393029841379e-01,
          -1.183032405136207e-01,
          -1.511986457359206e-01,
          -2.460068894318766e-01,
          -3.189687411323877e-02)),
  D1(
      Detest::orbit,
      ellipse(.1),
      numbers(
          2.198835352008397e-01,
          9.427076846341813e-01,
          -9.787659841058176e-01,
          3.287977990962036e-01)),
  D2(
      Detest::orbit,
      ellipse(.3),
      numbers(
          -1.777027357140412e-01,
          9.467784719905892e-01,
          -1.030294163192969e+00,
          1.211074890053952e-01)),
  D3(
      Detest::orbit,
      ellipse(.5),
      numbers(
          -5.780432953035361e-01,
          8.633840009194193e-01,
          -9.595083730380727e-01,
          -6.504915126712089e-02)),
  D4(
      Detest::orbit,
      ellipse(.7),
      numbers(
          -9.538990293416394e-01,
          6.907409024219432e-01,
          -8.212674270877433e-01,
          -1.539574259125825e-01)),
  D5(
      Detest::orbit,
      ellipse(.9),
      numbers(
          -1.295266250987574e+00,
          4.003938963792321e-01,
          -6.775390924707566e-01,
          -1.270838154278686e-01)),
  E1(
      (t, y, dydt) -> {
        dydt[0] = y[1];
        dydt[1] = -(y[1] / (t + 1) + (1 - .25 / ((t + 1) * (t + 1))) * y[0]);
      },
      numbers(.6713967071418030, .09540051444747446),
      numbers(1.456723600728308e-01, -9.883500195574063e-02)),
  E2(
      (t, y, dydt) -> {
        dydt[0] = y[1];
        dydt[1] = (1 - y[0] * y[0]) * y[1] - y[0];
      },
      numbers(2, 0),
      numbers(2.008149762174948e+00, -4.250887527320057e-02)),
  E3(
      (t, y, dydt) -> {
        dydt[0] = y[1];
        dydt[1] = y[0] * y[0] * y[0] / 6 - y[0] + 2 * Math.sin(2.78535 * t);
      },
      numbers(0, 0),
      numbers(-1.004178858647128e-01, 2.411400132095954e-01)),
  E4(
      (t, y, dydt) -> {
        dydt[0] = y[1];
        dydt[1] = .032 - .4 * y[1] * y[1];
      },
      numbers(30, 0),
      numbers(3.395091444646555e+01, 2.767822659672869e-01)),
  E5(
      (t, y, dydt) -> {
        dydt[0] = y[1];
        dydt[1] = Math.sqrt(1 + y[1] * y[1]) / (25 - t);
      },
      numbers(0, 0),
      numbers(1.411797390542629e+01, 2.400000000000002e+00));

  private final SlopeField.Slope slope;
  private final double[] start;
  private final double[] end;

  Detest(SlopeField.Slope slope, double[] start, double[] end) {
    this.slope = slope;
    this.start = start;
    this.end = end;
  }

  VectorField field() {
    return new SlopeField(start.length, slope);
  }

  Trajectories trajectory() {
    return Trajectories.of(start.length, start, 0, 20);
  }

  /** The largest |y − published| / max(1, |published|) at t = 20. */
  double error(Solution solved) {
    double worst = 0;
    int last = solved.times(0).length - 1;
    for (int d = 0; d < end.length; d++) {
      double off = Math.abs(solved.y(0, last, d) - end[d]) / Math.max(1, Math.abs(end[d]));
      worst = off <= worst ? worst : off;
    }
    return worst;
  }

  private static double[] numbers(double... numbers) {
    return numbers;
  }

  private static double[] unit(int dim) {
    double[] y = new double[dim];
    y[0] = 1;
    return y;
  }

  private static double[] ellipse(double eccentricity) {
    return numbers(1 - eccentricity, 0, 0, Math.sqrt((1 + eccentricity) / (1 - eccentricity)));
  }

  private static void diffusion(double t, double[] y, double[] dydt) {
    for (int i = 0; i < y.length; i++) {
      double left = i == 0 ? 0 : y[i - 1];
      double right = i == y.length - 1 ? 0 : y[i + 1];
      dydt[i] = left - 2 * y[i] + right;
    }
  }

  private static void orbit(double t, double[] y, double[] dydt) {
    double r = Math.hypot(y[0], y[1]);
    dydt[0] = y[2];
    dydt[1] = y[3];
    dydt[2] = -y[0] / (r * r * r);
    dydt[3] = -y[1] / (r * r * r);
  }

  /** Sun and five outer planets, relative to the sun: positions, then velocities. */
  private static void planets(double t, double[] y, double[] dydt) {
    double gravity = 2.95912208286;
    double sun = 1.00000597682;
    double[] masses = {
      .000954786104043, .000285583733151, .0000437273164546, .0000517759138449, .00000277777777778
    };
    for (int j = 0; j < 5; j++) {
      double fall = (sun + masses[j]) / cubedDistance(y, j, -1);
      for (int i = 0; i < 3; i++) {
        double pull = -fall * y[3 * j + i];
        for (int k = 0; k < 5; k++) {
          if (k != j) {
            pull +=
                masses[k]
                    * ((y[3 * k + i] - y[3 * j + i]) / cubedDistance(y, j, k)
                        - y[3 * k + i] / cubedDistance(y, k, -1));
          }
        }
        dydt[3 * j + i] = y[15 + 3 * j + i];
        dydt[15 + 3 * j + i] = gravity * pull;
      }
    }
  }

  /** Between two planets, or a planet and the sun. */
  private static double cubedDistance(double[] y, int j, int k) {
    double square = 0;
    for (int i = 0; i < 3; i++) {
      double difference = y[3 * j + i] - (k < 0 ? 0 : y[3 * k + i]);
      square += difference * difference;
    }
    return square * Math.sqrt(square);
  }
}
