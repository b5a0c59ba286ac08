package dev.athanor.engine.starlark.value;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A hash table that remembers the order of insertion, under [Equality].
///
/// Entries stand in arrays in order; removed ones leave a gap until the arrays are rebuilt. `index`
/// finds an entry by its hash: open addressing, holding the number of the entry plus one, 0 where
/// nothing ever was and -1 where an entry was removed. Small tables do without.
final class OrderedTable {
  private static final int SMALL = 8;
  private static final int[] NO_INDEX = new int[0];

  private @Nullable Object[] keys = new Object[0];
  private @Nullable Object[] values = keys;
  private int[] hashes = NO_INDEX;
  private int[] index = NO_INDEX;

  /// No entry stands before `first`; the entries, and gaps, stand before `used`.
  private int first;

  private int used;
  private int size;

  int size() {
    return size;
  }

  @Nullable Object get(Object key) throws EvalError {
    int entry = size == 0 ? checkHashable(key) : find(key, Equality.hash(key));
    return entry < 0 ? null : values[entry];
  }

  boolean contains(Object key) throws EvalError {
    return (size == 0 ? checkHashable(key) : find(key, Equality.hash(key))) >= 0;
  }

  private static int checkHashable(Object key) throws EvalError {
    if (!(key instanceof String)) {
      Equality.hash(key);
    }
    return -1;
  }

  /// Adds or replaces an entry, and says whether it was added.
  boolean put(Object key, Object value) throws EvalError {
    int hash = Equality.hash(key);
    int entry = find(key, hash);
    if (entry >= 0) {
      values[entry] = value;
      return false;
    }
    if (used == keys.length) {
      rebuild();
    }
    entry = used++;
    keys[entry] = key;
    values[entry] = value;
    hashes[entry] = hash;
    size++;
    if (index.length > 0) {
      index[freeSlot(hash)] = entry + 1;
    }
    return true;
  }

  /// Removes an entry and returns its value, or null if there is none.
  @Nullable Object remove(Object key) throws EvalError {
    int entry = find(key, Equality.hash(key));
    if (entry < 0) {
      return null;
    }
    Object value = values[entry];
    delete(entry);
    return value;
  }

  private void delete(int entry) {
    if (index.length > 0) {
      int slot = start(hashes[entry]);
      while (index[slot] != entry + 1) {
        slot = slot + 1 & index.length - 1;
      }
      index[slot] = -1;
    }
    keys[entry] = null;
    values[entry] = null;
    size--;
    while (first < used && keys[first] == null) {
      first++;
    }
  }

  void clear() {
    keys = new Object[0];
    values = keys;
    hashes = NO_INDEX;
    index = NO_INDEX;
    first = 0;
    used = 0;
    size = 0;
  }

  /// The key that was inserted first.
  Object firstKey() {
    Object key = first < used ? keys[first] : null;
    if (key == null) {
      throw new NoSuchElementException();
    }
    return key;
  }

  private int find(Object key, int hash) throws EvalError {
    if (index.length == 0) {
      for (int i = first; i < used; i++) {
        if (hashes[i] == hash && isAt(i, key)) {
          return i;
        }
      }
      return -1;
    }
    int slot = start(hash);
    while (index[slot] != 0) {
      int entry = index[slot] - 1;
      if (entry >= 0 && hashes[entry] == hash && isAt(entry, key)) {
        return entry;
      }
      slot = slot + 1 & index.length - 1;
    }
    return -1;
  }

  private boolean isAt(int entry, Object key) throws EvalError {
    Object own = keys[entry];
    return own != null && Equality.equal(own, key);
  }

  private int start(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ mixed >>> 16) & index.length - 1;
  }

  private int freeSlot(int hash) {
    int slot = start(hash);
    while (index[slot] > 0) {
      slot = slot + 1 & index.length - 1;
    }
    return slot;
  }

  /// Closes the gaps, and doubles the arrays unless the gaps were half of them.
  private void rebuild() {
    int capacity = size > keys.length / 2 ? keys.length * 2 : Math.max(keys.length, 4);
    @Nullable Object[] newKeys = new Object[capacity];
    @Nullable Object[] newValues = new Object[capacity];
    int[] newHashes = new int[capacity];
    int count = 0;
    for (int i = first; i < used; i++) {
      if (keys[i] != null) {
        newKeys[count] = keys[i];
        newValues[count] = values[i];
        newHashes[count++] = hashes[i];
      }
    }
    keys = newKeys;
    values = newValues;
    hashes = newHashes;
    first = 0;
    used = count;
    reindex(capacity);
  }

  private void reindex(int capacity) {
    if (capacity <= SMALL) {
      index = NO_INDEX;
      return;
    }
    index = new int[Integer.highestOneBit(capacity) * 4];
    for (int i = 0; i < used; i++) {
      index[freeSlot(hashes[i])] = i + 1;
    }
  }

  OrderedTable copy() {
    OrderedTable copy = new OrderedTable();
    copy.keys = keys.clone();
    copy.values = values.clone();
    copy.hashes = hashes.clone();
    copy.index = index.length == 0 ? NO_INDEX : index.clone();
    copy.first = first;
    copy.used = used;
    copy.size = size;
    return copy;
  }

  Object[] keyArray() {
    return compact(keys);
  }

  Object[] valueArray() {
    return compact(values);
  }

  private Object[] compact(@Nullable Object[] from) {
    Object[] result = new Object[size];
    int count = 0;
    for (int i = first; i < used; i++) {
      Object element = from[i];
      if (element != null) {
        result[count++] = element;
      }
    }
    return result;
  }

  /// The keys in order. Values forbid changes while a program iterates; Java code must take care.
  Iterator<Object> iterator() {
    return new Iterator<>() {
      private int next = first;

      @Override
      public boolean hasNext() {
        while (next < used && keys[next] == null) {
          next++;
        }
        return next < used;
      }

      @Override
      public Object next() {
        Object key = hasNext() ? keys[next++] : null;
        if (key == null) {
          throw new NoSuchElementException();
        }
        return key;
      }
    };
  }
}
