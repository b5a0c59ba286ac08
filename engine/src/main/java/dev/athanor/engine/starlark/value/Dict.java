package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.Spelling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A mutable mapping that keeps the order in which keys were first inserted.
public final class Dict extends MutableCollection implements Indexable, SettableIndex {
  private final OrderedTable table;

  private Dict(Mutability mutability, OrderedTable table) {
    super(mutability);
    this.table = table;
  }

  public static Dict create(Mutability mutability) {
    return new Dict(mutability, new OrderedTable());
  }

  /// A dict that never changes.
  public static Dict immutable(Map<?, ?> entries) throws EvalError {
    Dict dict = create(Mutability.IMMUTABLE);
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      dict.table.put(entry.getKey(), entry.getValue());
    }
    return dict;
  }

  public Dict copy(Mutability mutability) {
    return new Dict(mutability, table.copy());
  }

  @Override
  public String type() {
    return "dict";
  }

  @Override
  public int size() {
    return table.size();
  }

  /// The value of a key, or null if it is absent.
  public @Nullable Object get(Object key) throws EvalError {
    return table.get(key);
  }

  /// The value of a key that the dict is known to have.
  Object getExisting(Object key) throws EvalError {
    Object value = table.get(key);
    if (value == null) {
      throw new EvalError("key " + Starlark.repr(key) + " is not in the dict");
    }
    return value;
  }

  @Override
  public Object index(Object key) throws EvalError {
    Object value = table.get(key);
    if (value == null) {
      throw new EvalError("key " + Starlark.repr(key) + " is not in the dict" + hint(key));
    }
    return value;
  }

  private String hint(Object key) {
    if (!(key instanceof String name)) {
      return "";
    }
    List<String> names = new ArrayList<>();
    for (Object candidate : this) {
      if (candidate instanceof String s && names.size() < 1000) {
        names.add(s);
      }
    }
    return Spelling.hint(name, names);
  }

  @Override
  public boolean contains(Object key) throws EvalError {
    return table.contains(key);
  }

  /// Adds or replaces an entry, and says whether it was added.
  public boolean put(Object key, Object value) throws EvalError {
    checkMutable();
    return table.put(key, value);
  }

  /// Fills a dict that nobody else has seen yet.
  boolean putUnchecked(Object key, Object value) throws EvalError {
    return table.put(key, value);
  }

  @SuppressWarnings("ReferenceEquality") // only itself would change during the iteration
  public void putAll(Dict that) throws EvalError {
    checkMutable();
    for (Object key : that == this ? that.copy(Mutability.IMMUTABLE) : that) {
      table.put(key, that.getExisting(key));
    }
  }

  @Override
  public void setIndex(Object key, Object value) throws EvalError {
    put(key, value);
  }

  /// Removes an entry and returns its value, or null if there is none.
  public @Nullable Object remove(Object key) throws EvalError {
    checkMutable();
    return table.remove(key);
  }

  /// Removes and returns the entry that was inserted first.
  public Tuple removeFirst() throws EvalError {
    checkMutable();
    if (size() == 0) {
      throw new EvalError("the dict is empty");
    }
    Object key = table.firstKey();
    Object value = getExisting(key);
    table.remove(key);
    return Tuple.wrap(new Object[] {key, value});
  }

  public void clear() throws EvalError {
    checkMutable();
    table.clear();
  }

  /// The keys in order.
  @Override
  public Iterator<Object> iterator() {
    return table.iterator();
  }

  public Object[] keys() {
    return table.keyArray();
  }

  public Object[] values() {
    return table.valueArray();
  }

  /// The entries as pairs.
  public Object[] items() {
    Object[] keys = keys();
    Object[] values = values();
    Object[] items = new Object[keys.length];
    for (int i = 0; i < keys.length; i++) {
      items[i] = Tuple.wrap(new Object[] {keys[i], values[i]});
    }
    return items;
  }

  /// A copy for Java, in order.
  public Map<Object, Object> toMap() {
    Object[] keys = keys();
    Object[] values = values();
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keys.length; i++) {
      map.put(keys[i], values[i]);
    }
    return Collections.unmodifiableMap(map);
  }

  @Override
  public void repr(Printer printer) {
    Object[] keys = keys();
    Object[] values = values();
    printer.append("{");
    for (int i = 0; i < keys.length && !printer.isFull(); i++) {
      printer.append(i == 0 ? "" : ", ").repr(keys[i]).append(": ").repr(values[i]);
    }
    printer.append("}");
  }
}
