package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class ProcessorsTest {
  @Test
  void numbers_areThoseOfTheList() {
    assertThat(Processors.numbers("0")).containsExactly(0);
    assertThat(Processors.numbers("2-4,8,10-11")).containsExactly(2, 3, 4, 8, 10, 11).inOrder();
  }

  @Test
  void next_isOne_andNotAlwaysTheSame() {
    assumeTrue(Processors.several(), "a single processor");
    ByteBuffer one = Processors.next();
    ByteBuffer other = Processors.next();

    assertThat(BitSet.valueOf(one).cardinality()).isEqualTo(1);
    assertThat(BitSet.valueOf(other).cardinality()).isEqualTo(1);
    assertThat(one).isNotEqualTo(other);
  }
}
