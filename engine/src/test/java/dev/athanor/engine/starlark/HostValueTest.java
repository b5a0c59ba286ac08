package dev.athanor.engine.starlark;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.engine.starlark.eval.Module;
import dev.athanor.engine.starlark.eval.Program;
import dev.athanor.engine.starlark.syntax.BinaryOperator;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.UnaryOperator;
import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasBinary;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.HasSettableFields;
import dev.athanor.engine.starlark.value.HasUnary;
import dev.athanor.engine.starlark.value.Indexable;
import dev.athanor.engine.starlark.value.MethodTable;
import dev.athanor.engine.starlark.value.Mutability;
import dev.athanor.engine.starlark.value.Ordered;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Signature;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Types that a host brings along.
final class HostValueTest {
  /// An immutable value with fields and a method, an order, and a text.
  private record Label(String path, String name) implements HasFields, Ordered {
    private static final MethodTable<Label> METHODS =
        new MethodTable<Label>()
            .add(
                "relative",
                Signature.parse("name"),
                (_, self, a) -> new Label(self.path, a.string("name")));

    @Override
    public String type() {
      return "Label";
    }

    @Override
    public @Nullable Object field(String field) {
      return switch (field) {
        case "path" -> path;
        case "name" -> name;
        default -> {
          MethodTable.Method<Label> method = METHODS.find(field);
          yield method == null ? null : method.bind(this);
        }
      };
    }

    @Override
    public Collection<String> fieldNames() {
      Collection<String> names = new TreeSet<>(METHODS.names());
      names.addAll(Set.of("path", "name"));
      return names;
    }

    @Override
    public int compare(Object that) {
      return toString().compareTo(that.toString());
    }

    @Override
    public void repr(Printer printer) {
      printer.append("Label(").repr(toString()).append(")");
    }

    @Override
    public void str(Printer printer) {
      printer.append(toString());
    }

    @Override
    public String toString() {
      return "//" + path + ":" + name;
    }
  }

  /// A list that is to be chosen later; adds up with lists.
  private record Select(List<Object> parts) implements HasBinary, HasUnary {
    @Override
    public String type() {
      return "select";
    }

    @Override
    public @Nullable Object binary(BinaryOperator operator, Object that, boolean left) {
      if (operator != BinaryOperator.ADD
          || !(that instanceof StarlarkList || that instanceof Select)) {
        return null;
      }
      List<Object> all = new ArrayList<>(parts);
      List<Object> others = that instanceof Select select ? select.parts : List.of(that);
      all.addAll(left ? all.size() : 0, others);
      return new Select(all);
    }

    @Override
    public @Nullable Object unary(UnaryOperator operator) {
      return operator == UnaryOperator.INVERT ? "inverted" : null;
    }

    @Override
    public void repr(Printer printer) {
      printer.list("select(", parts, ")");
    }
  }

  /// A mutable bag of fields that can also be called, indexed and iterated over.
  private static final class Bag implements HasSettableFields, Callable, Indexable, Sequence {
    private final Map<String, Object> fields = new HashMap<>();

    @Override
    public String type() {
      return "bag";
    }

    @Override
    public String name() {
      return "bag";
    }

    @Override
    public @Nullable Object field(String name) {
      return fields.get(name);
    }

    @Override
    public Collection<String> fieldNames() {
      return fields.keySet();
    }

    @Override
    public String missingField(String name) {
      return "the bag has no " + name;
    }

    @Override
    public void setField(String name, Object value) throws EvalError {
      if (name.equals("fixed")) {
        throw new EvalError("'fixed' is fixed");
      }
      fields.put(name, value);
    }

    @Override
    public Object call(StarlarkThread thread, Arguments arguments) {
      return "called";
    }

    @Override
    public Object index(Object key) throws EvalError {
      return "[" + Starlark.str(key) + "]";
    }

    @Override
    public boolean contains(Object key) {
      return key.equals("x");
    }

    @Override
    public int size() {
      return 3;
    }

    @Override
    public Object get(int index) {
      return (long) index * index;
    }

    @Override
    public boolean truth() {
      return false;
    }

    @Override
    public boolean isImmutable() {
      return false;
    }
  }

  private static final Map<String, Object> HOST =
      Map.of(
          "label",
              Builtin.of(
                  "label", "path, name", (_, a) -> new Label(a.string("path"), a.string("name"))),
          "select", Builtin.of("select", "x", (_, a) -> new Select(List.of(a.get("x")))),
          "bag", Builtin.of("bag", "", (_, _) -> new Bag()));

  @Test
  void fieldsAndMethods() throws Exception {
    assertValues(
        """
        l = label("a/b", "c")
        r = [l.path, l.name, l.relative("d"), type(l), str(l), dir(l), hasattr(l, "relative")]
        """,
        "[\"a/b\", \"c\", Label(\"//a/b:d\"), \"Label\", \"//a/b:c\", [\"name\", \"path\","
            + " \"relative\"], True]");
    assertFails(
        "label(\"a\", \"b\").nam", "'Label' value has no attribute 'nam' (did you mean 'name'?)");
    assertFails("label(\"a\", \"b\").name = 1", "cannot assign to an attribute of a 'Label' value");
  }

  @Test
  void equalityHashingAndOrder() throws Exception {
    assertValues(
        """
        d = {label("a", "b"): 1}
        r = [d[label("a", "b")], label("a", "b") == label("a", "b"), label("a", "b") < label("a", "c"),
             sorted([label("z", "a"), label("a", "z")]), label("a", "b") in [label("a", "b")]]
        """,
        "[1, True, True, [Label(\"//a:z\"), Label(\"//z:a\")], True]");
    assertFails("label(\"a\", \"b\") < 1", "unsupported operation: Label < int");
    assertFails("{bag(): 1}", "unhashable type: 'bag'");
  }

  @Test
  void operators_onEitherSide() throws Exception {
    assertValues(
        "r = [[1] + select([2]), select([1]) + [2] + select([3]), ~select([])]",
        "[select([1], [2]), select([1], [2], [3]), \"inverted\"]");
    assertValues("x = [1]\nx += select([2])\nr = x", "select([1], [2])");
    assertFails("select([1]) + 1", "unsupported operation: select + int");
    assertFails("1 + select([1])", "unsupported operation: int + select");
    assertFails("select([1]) | [1]", "unsupported operation: select | list");
    assertFails("-select([1])", "unsupported operation: -select");
  }

  @Test
  void mutableValues() throws Exception {
    assertValues(
        """
        b = bag()
        b.x = 1
        b.x += 2
        r = [b.x, b(), b[1], "x" in b, "y" in b, len(b), list(b), bool(b), max(b)]
        """,
        "[3, \"called\", \"[1]\", True, False, 3, [0, 1, 4], False, 4]");
    assertFails("bag().y", "the bag has no y");
    assertFails("bag().fixed = 1", "'fixed' is fixed");
    assertFails("bag()[0] = 1", "cannot assign to an element of a 'bag' value");
  }

  @Test
  void javaObjects_becomeValues() throws Exception {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("a", List.of(1, 2L, 3.5, "x", true));
    json.put("b", null);

    Object value = Starlark.fromJava(json, Mutability.IMMUTABLE);

    assertThat(value.toString()).isEqualTo("{\"a\": [1, 2, 3.5, \"x\", True], \"b\": None}");
    assertThat(Starlark.isImmutable(value)).isTrue();
  }

  private static void assertValues(String text, String expected) throws Exception {
    Program program = Program.compile(Source.of("x", text), Dialect.SCRIPT, HOST.keySet());
    try (StarlarkThread thread = StarlarkThread.create()) {
      Module module = program.run(thread, HOST);
      Object result = module.get("r");
      assertThat(result).isNotNull();
      assertThat(Starlark.repr(Objects.requireNonNull(result))).isEqualTo(expected);
    }
  }

  private static void assertFails(String text, String message) throws Exception {
    Program program = Program.compile(Source.of("x", text), Dialect.SCRIPT, HOST.keySet());
    try (StarlarkThread thread = StarlarkThread.create()) {
      program.run(thread, HOST);
    } catch (EvalError e) {
      assertThat(e.message()).isEqualTo(message);
      return;
    }
    assertWithMessage("no error: %s", text).fail();
  }
}
