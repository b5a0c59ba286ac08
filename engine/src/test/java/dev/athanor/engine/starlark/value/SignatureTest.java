package dev.athanor.engine.starlark.value;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SignatureTest {
  @Test
  void bind_fillsTheSlotsInOrder() throws EvalError {
    Signature signature = Signature.parse("a, b=2, *args, c, d=unset, **kwargs");

    assertThat(bind(signature, List.of(1L), Map.of("c", 3L)))
        .containsExactly(1L, 2L, 3L, null, Tuple.EMPTY, Dict.create(Mutability.IMMUTABLE))
        .inOrder();
    assertThat(bind(signature, List.of(1L, 5L, 6L), Map.of("c", 3L, "d", 4L, "e", 7L)))
        .containsExactly(1L, 5L, 3L, 4L, Tuple.of(6L), Dict.immutable(Map.of("e", 7L)))
        .inOrder();
  }

  @Test
  void defaults_areLiterals() throws EvalError {
    Signature signature =
        Signature.parse("a=1, b=-1, c='x', d=None, e=True, f=[], g={}, h=(), i=1.5");

    assertThat(bind(signature, List.of(), Map.of()))
        .containsExactly(
            1L,
            -1L,
            "x",
            None.NONE,
            true,
            StarlarkList.immutable(List.of()),
            Dict.immutable(Map.of()),
            Tuple.EMPTY,
            1.5)
        .inOrder();
  }

  @Test
  void badSignatures_areBugs() {
    assertThrows(IllegalArgumentException.class, () -> Signature.parse("a, a"));
    assertThrows(IllegalArgumentException.class, () -> Signature.parse("a=b"));
    assertThrows(IllegalArgumentException.class, () -> Signature.parse("a=[1]"));
    assertThrows(IllegalArgumentException.class, () -> Signature.parse("a="));
  }

  private static List<@Nullable Object> bind(
      Signature signature, List<?> positional, Map<String, ?> named) throws EvalError {
    @Nullable Object[] slots = new Object[signature.slotCount()];
    signature.bind("f", Arguments.of(positional, named), Mutability.create(), slots);
    return Arrays.asList(slots);
  }
}
