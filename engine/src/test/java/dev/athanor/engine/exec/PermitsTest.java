package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.ActionType.Resource;
import dev.athanor.engine.exec.Permits.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PermitsTest {
  private static final Claim ONE = new Claim(Resource.CPU, 1, 0);
  private static final Claim NETWORK = new Claim(Resource.NETWORK, 1, 0);

  private final Permits permits =
      new Permits(Map.of(Resource.CPU, 2, Resource.DISK, 1, Resource.NETWORK, 1), () -> 100);
  private final List<String> events = new ArrayList<>();

  /// A task that says when it is started or withdrawn.
  private record Task(String name, String owner, List<String> events) implements Permits.Task {
    @Override
    public void start() {
      events.add(name);
    }

    @Override
    public void withdrawn() {
      events.add("no " + name);
    }
  }

  private void submit(String name, Claim claim, long urgency) {
    permits.submit(claim, urgency, new Task(name, "me", events));
  }

  @Test
  void submit_startsAsManyAsThereArePermits() {
    submit("a", ONE, 1);
    submit("b", ONE, 1);
    submit("c", ONE, 1);
    assertThat(events).containsExactly("a", "b").inOrder();

    permits.release(ONE);

    assertThat(events).containsExactly("a", "b", "c").inOrder();
  }

  @Test
  void submit_mostUrgentFirst_equalsInOrderOfArrival() {
    submit("a", ONE, 1);
    submit("b", ONE, 1);
    submit("slow", ONE, 1);
    submit("urgent", ONE, 9);
    submit("slower", ONE, 1);
    for (int i = 0; i < 3; i++) {
      permits.release(ONE);
    }

    assertThat(events).containsExactly("a", "b", "urgent", "slow", "slower").inOrder();
  }

  @Test
  void submit_resourcesDoNotWaitForEachOther() {
    submit("a", ONE, 1);
    submit("b", ONE, 1);
    submit("c", ONE, 9);
    submit("n", NETWORK, 1);

    assertThat(events).containsExactly("a", "b", "n").inOrder();
  }

  @Test
  void submit_memory_holdsBackWhatDoesNotFit_andNobodyOvertakes() {
    Claim large = new Claim(Resource.CPU, 1, 70);
    submit("large", large, 5);
    submit("large too", large, 5);
    submit("small", ONE, 1);
    assertThat(events).containsExactly("large");

    permits.release(large);

    assertThat(events).containsExactly("large", "large too", "small").inOrder();
  }

  @Test
  void submit_moreThanThereIs_runsAlone() {
    Claim all = new Claim(Resource.CPU, 64, 1_000);
    submit("all", all, 1);
    submit("next", ONE, 1);
    assertThat(events).containsExactly("all");

    permits.release(all);

    assertThat(events).containsExactly("all", "next").inOrder();
  }

  @Test
  void withdraw_takesOnlyThoseOfTheOwner_thatHaveNotStarted() {
    submit("a", ONE, 1);
    submit("b", ONE, 1);
    submit("c", ONE, 1);
    permits.submit(ONE, 1, new Task("d", "you", events));

    permits.withdraw("me");
    permits.release(ONE);

    assertThat(events).containsExactly("a", "b", "no c", "d").inOrder();
  }
}
