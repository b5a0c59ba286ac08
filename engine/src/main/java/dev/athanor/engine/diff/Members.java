package dev.athanor.engine.diff;

import dev.athanor.engine.diff.Difference.Aspect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Compares what two archives hold: which members, in which order, with which fields and contents.
/// A name that an archive has several times is another one each time.
public final class Members {
  private static final int MOST = 1_000_000;
  private static final int SHOWN = 5;

  private final Place place;
  private final Comparing contents;

  private Members(Place place, Comparing contents) {
    this.place = place;
    this.contents = contents;
  }

  /// Adds one to the members of an archive.
  ///
  /// @throws DamagedException when there are more than anybody wants to look at
  public static void add(Member member, List<Member> to) throws DamagedException {
    if (to.size() == MOST) {
      throw new DamagedException("more than " + MOST + " members");
    }
    to.add(member);
  }

  /// How contents of a member are compared that are not the same.
  @FunctionalInterface
  public interface Comparing {
    /// @param member on the side before
    void compare(Member member, Data before, Data after, Place place) throws IOException;
  }

  /// Reports what differs; contents are compared by their formats.
  public static void compare(List<Member> before, List<Member> after, Place place)
      throws IOException {
    compare(before, after, place, (_, was, is, at) -> at.compare(was, is));
  }

  public static void compare(
      List<Member> before, List<Member> after, Place place, Comparing contents) throws IOException {
    new Members(place, contents).compare(byName(before), byName(after));
  }

  private static Map<String, Member> byName(List<Member> members) {
    Map<String, Member> map = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Member member : members) {
      int count = counts.merge(member.name(), 1, Integer::sum);
      map.put(count == 1 ? member.name() : member.name() + " (" + count + ")", member);
    }
    return map;
  }

  private void compare(Map<String, Member> before, Map<String, Member> after) throws IOException {
    order(before, after);
    for (Map.Entry<String, Member> entry : before.entrySet()) {
      Place at = place.in(entry.getKey());
      Member is = after.get(entry.getKey());
      if (is == null) {
        at.add(Aspect.PRESENCE, summary(entry.getValue()), "");
      } else {
        member(entry.getValue(), is, at);
      }
    }
    after.forEach((name, member) -> {
      if (!before.containsKey(name)) {
        place.in(name).add(Aspect.PRESENCE, "", summary(member));
      }
    });
  }

  private static String summary(Member member) {
    return Shown.size(member.packed().size());
  }

  /// Of the names that both have.
  private void order(Map<String, Member> before, Map<String, Member> after) {
    List<String> was = new ArrayList<>(before.keySet());
    List<String> is = new ArrayList<>(after.keySet());
    was.removeIf(name -> !after.containsKey(name));
    is.removeIf(name -> !before.containsKey(name));
    for (int i = 0; i < was.size(); i++) {
      if (!was.get(i).equals(is.get(i))) {
        place.add(Aspect.ORDER, names(was, i), names(is, i));
        return;
      }
    }
  }

  private static String names(List<String> names, int from) {
    int to = Math.min(names.size(), from + SHOWN);
    String shown = String.join(", ", names.subList(from, to));
    return to < names.size() ? shown + ", …" : shown;
  }

  private void member(Member before, Member after, Place at) throws IOException {
    Field.compare(before.header().fields(), after.header().fields(), at);
    boolean sameBytes = at.mismatch(0, before.packed(), after.packed()) < 0;
    if (sameBytes && before.packing().equals(after.packing())) {
      return;
    }
    if (at.isFull()) {
      at.leaveOut(1);
    } else if (!at.attempt(() -> contents(before, after, at))) {
      // Members are damaged one by one.
      at.compareBytes(before.packed(), after.packed());
    }
  }

  private void contents(Member before, Member after, Place at) throws IOException {
    try (Data was = before.contents(at);
        Data is = after.contents(at)) {
      if (at.mismatch(0, was, is) >= 0) {
        contents.compare(before, was, is, at);
      } else if (before.packing().equals(after.packing())) {
        at.add(Aspect.ENCODING, summary(before), summary(after));
      } else {
        at.add(Aspect.ENCODING, packing(before), packing(after));
      }
    }
  }

  private static String packing(Member member) {
    return member.packing().isEmpty() ? "stored" : member.packing();
  }
}
