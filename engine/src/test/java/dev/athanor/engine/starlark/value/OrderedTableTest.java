package dev.athanor.engine.starlark.value;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OrderedTableTest {
  @Test
  void randomOperations_agreeWithTheJdk() throws EvalError {
    for (int keys : new int[] {3, 10, 100, 3000}) {
      compareWithLinkedHashMap(new Random(keys), keys, 20_000);
    }
  }

  private static void compareWithLinkedHashMap(Random random, int keys, int operations)
      throws EvalError {
    OrderedTable table = new OrderedTable();
    Map<Object, Object> model = new LinkedHashMap<>();
    for (int i = 0; i < operations; i++) {
      Object key =
          random.nextBoolean() ? (Object) (long) random.nextInt(keys) : "k" + random.nextInt(keys);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 ->
            assertThat(table.put(key, (long) i)).isEqualTo(model.put(key, (long) i) == null);
        case 4, 5 -> assertThat(table.remove(key)).isEqualTo(model.remove(key));
        case 6 -> {
          if (!model.isEmpty()) {
            Object first = model.keySet().iterator().next();
            assertThat(table.firstKey()).isEqualTo(first);
            assertThat(table.remove(first)).isEqualTo(model.remove(first));
          }
        }
        case 7 -> table = table.copy();
        default -> assertThat(table.get(key)).isEqualTo(model.get(key));
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
    assertThat(List.of(table.keyArray())).isEqualTo(new ArrayList<>(model.keySet()));
    assertThat(List.of(table.valueArray())).isEqualTo(new ArrayList<>(model.values()));
  }

  @Test
  void collidingKeys_areKeptApart() throws EvalError {
    OrderedTable table = new OrderedTable();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 6; bit++) {
        key.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
      }
      keys.add(key.toString());
      table.put(key.toString(), (long) i);
    }

    for (int i = 0; i < keys.size(); i++) {
      assertThat(table.get(keys.get(i))).isEqualTo((long) i);
    }
  }
}
