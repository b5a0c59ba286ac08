import dev.athanor.remote.FaultyLine;
import java.time.Duration;

/// A line to a port of this machine on which every answer takes so many milliseconds longer. Prints
/// the port where it begins.
///
/// usage: Delay PORT MILLISECONDS
public final class Delay {
  public static void main(String[] args) throws Exception {
    FaultyLine line = new FaultyLine(Integer.parseInt(args[0]));
    line.delay(Duration.ofMillis(Integer.parseInt(args[1])));
    System.out.println(line.port());
    Thread.sleep(Duration.ofDays(1));
  }
}
