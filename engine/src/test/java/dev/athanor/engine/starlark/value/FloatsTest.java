package dev.athanor.engine.starlark.value;

import static com.google.common.truth.Truth.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FloatsTest {
  @Test
  void toText_denotesTheSameFloat() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      double d = Double.longBitsToDouble(random.nextLong());
      if (!Double.isNaN(d) && !Double.isInfinite(d)) {
        assertThat(Double.parseDouble(Floats.toText(d))).isEqualTo(d);
      }
    }
  }

  @Test
  void fixedAndScientific_agreeWithTheJdk() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      // Fractions of a power of two are exact, so that no rounding rule of the JDK interferes.
      double d = random.nextInt() / 1024.0;
      assertThat(Floats.fixed(d)).isEqualTo(exact(d).toPlainString());
      double e = random.nextInt(1_000_000) / 8.0 * 8;
      assertThat(Floats.scientific(e, 'e')).isEqualTo(String.format(Locale.ROOT, "%e", e));
    }
  }

  private static BigDecimal exact(double d) {
    return new BigDecimal(d).setScale(6, RoundingMode.HALF_EVEN);
  }

  @Test
  void comparison_isExact() {
    Random random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      long n = random.nextLong() >> random.nextInt(64);
      double d = (double) n + (random.nextInt(5) - 2) * Math.ulp((double) n) / 2;
      int expected = new BigDecimal(n).compareTo(new BigDecimal(d));

      assertThat(Floats.compare(n, d)).isEqualTo(expected);
      assertThat(Floats.compare(d, n)).isEqualTo(-expected);
      if (expected == 0) {
        assertThat(Floats.hash(d)).isEqualTo(Long.hashCode(n));
      }
    }
  }

  @Test
  void hash_agreesWithEqualInts() throws EvalError {
    for (double d :
        new double[] {0.0, -0.0, 1.0, -1.0, 1e15, 0x1p62, 0x1p63, -0x1p63, 0x1p80, 1e300}) {
      Object n = Floats.truncate(d);

      assertThat(Equality.equal(n, d)).isTrue();
      assertThat(Equality.hash(n)).isEqualTo(Equality.hash(d));
    }
  }

  @Test
  void intArithmetic_agreesWithBigIntegers() throws EvalError {
    Random random = new Random(4);
    for (int i = 0; i < 50_000; i++) {
      long a = random.nextLong() >> random.nextInt(64);
      long b = random.nextLong() >> random.nextInt(64);
      BigInteger x = BigInteger.valueOf(a);
      BigInteger y = BigInteger.valueOf(b);

      assertThat(Ints.add(a, b)).isEqualTo(Ints.of(x.add(y)));
      assertThat(Ints.subtract(a, b)).isEqualTo(Ints.of(x.subtract(y)));
      assertThat(Ints.multiply(a, b)).isEqualTo(Ints.of(x.multiply(y)));
      if (b != 0) {
        BigInteger modulo = x.mod(y.abs());
        BigInteger floored = b < 0 && modulo.signum() != 0 ? modulo.add(y) : modulo;
        assertThat(Ints.modulo(a, b)).isEqualTo(Ints.of(floored));
        assertThat(Ints.floorDivide(a, b)).isEqualTo(Ints.of(x.subtract(floored).divide(y)));
      }
    }
  }
}
