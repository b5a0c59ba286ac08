package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pages that do what they say, and pages that do not.
final class TranscriptTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
  }

  /// `'''` stands for the marks of a block.
  private Transcript page(String text) throws IOException {
    return Transcript.of(Files.writeString(temp.resolve("page.md"), text.replace("'''", "```")));
  }

  private String failure(String text) {
    return String.valueOf(
        assertThrows(AssertionError.class, () -> page(text).run(workspace, false)).getMessage());
  }

  @Test
  void files_commands_andWhatTheyPrint() throws Exception {
    page("""
    First a file:

    <!-- file: app/BUILD -->
    '''python
    genrule(name = "made", outs = ["made.txt"], cmd = "echo one > $@")
    '''

    <!-- append: app/BUILD -->
    '''python
    genrule(name = "more", outs = ["more.txt"], cmd = "echo two > $@")
    '''

    1. In a list:

       '''console
       $ athanor build //app:made 'app:more'
       //app:made athanor-out/app/made.txt
       //app:more athanor-out/app/more.txt
       $ cat athanor-out/app/made.txt \\
           athanor-out/app/more.txt
       one
       two
       '''

    <!-- file: hello.sh -->
    '''sh
    #!/bin/sh
    echo hello
    '''

    '''console
    $ cd app
    $ ../hello.sh && athanor build :more | tail -c 9
    hello
    more.txt
    '''

    <!-- not run: no registry is here -->
    '''console
    $ athanor publish //...
    '''

    '''sh
    this is for readers
    '''
    """)
        .run(workspace, false);
  }

  @Test
  void failure_isExpectedByItsCode_andTold() throws Exception {
    page("""
    <!-- exit: 2 -->
    '''console
    $ athanor build //:none
    error: no such target or file: //:none
    …
    '''
    """)
        .run(workspace, false);

    assertThat(failure("'''console\n$ false\n'''\n")).contains("page.md:2: $ false");
    assertThat(failure("<!-- exit: 1 -->\n'''console\n$ true\n'''\n")).contains("end with 1");
  }

  @Test
  void otherOutput_isAFailure_thatShowsBoth() {
    assertThat(failure("'''console\n$ echo a\nb\n'''\n"))
        .contains("should print\nb\nand prints\na");
    assertThat(failure("'''console\n$ echo a\n'''\n")).contains("prints\na");
    assertThat(failure("'''console\n$ true\na\n'''\n")).contains("should print\na\n");
  }

  @Test
  void whatATerminalShows_mayBeShown() throws Exception {
    workspace.write("BUILD", "genrule(name = 'a', outs = ['a.txt'], cmd = 'touch $@')");
    page("""
    '''console
    $ athanor build //:a
    1 executed, 0 cached, 0 failed, 0 skipped, in …
    //:a athanor-out/a.txt
    $ athanor build //:a
    //:a athanor-out/a.txt
    '''
    """)
        .run(workspace, false);
  }

  @Test
  void update_writesWhatIsPrinted_butNotOverAnEllipsis() throws Exception {
    page("""
    1. In a list:

       '''console
       $ echo one; echo two
       old
       older
       $ true
       old
       $ echo new
       $ echo 1
       …
       '''

    End.
    """)
        .run(workspace, true);

    assertThat(Files.readString(temp.resolve("page.md")).replace("```", "'''"))
        .isEqualTo(
            """
            1. In a list:

               '''console
               $ echo one; echo two
               one
               two
               $ true
               $ echo new
               new
               $ echo 1
               …
               '''

            End.
            """);
    assertThrows(
        AssertionError.class, () -> page("'''console\n$ echo 1\n…2\n'''\n").run(workspace, true));
  }

  @Test
  void wordsThatMeanOthers() throws Exception {
    page("'''console\n$ echo port 8080, $(echo 80)80\nport 8080, 8080\n'''\n")
        .where("8080", "1234")
        .run(workspace, false);
    AssertionError wrong =
        assertThrows(
            AssertionError.class,
            () ->
                page("'''console\n$ echo port 8080\nport 80\n'''\n")
                    .where("8080", "1234")
                    .run(workspace, false));
    assertThat(wrong).hasMessageThat().contains("prints\nport 8080");
  }

  @Test
  void background_isAwaited_andEnds() throws Exception {
    page("""
    '''console
    $ sh -c 'echo $$ > pid; sleep 0.3; touch ready; echo ready; exec sleep 600' &
    ready
    $ ls ready
    ready
    '''
    """)
        .run(workspace, false);

    long pid = Long.parseLong(workspace.read("pid").strip());
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    assertThat(failure("'''console\n$ true &\n'''\n")).contains("does not start");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "<!-- not run -->|'''console|$ true|''';1: 'not run' wants a word",
        "<!-- file: x -->|text|'''|''';1: 'file' stands before no block",
        "<!-- exit: 1 -->;1: 'exit' stands before no block",
        "<!-- exit: 1 -->|'''sh|''';2: only a block of commands has an exit code",
        "'''console|true|''';2: a block of commands begins with '$ '",
        "'''console|$ true;1: the block has no end",
      })
  void wrongPages_areRefused(String page, String message) {
    assertThat(failure(page.replace('|', '\n') + "\n")).contains("page.md:" + message);
  }

  @ParameterizedTest
  @CsvSource({
    "a…c|, abc|, true",
    "a…c|, ac|, true",
    "a…c|, ab|c|, false",
    "a|…|c|, a|c|, true",
    "a|…|c|, a|b|b|c|, true",
    "a|…, a|b|, true",
    "…|c|, b|d|, false",
    "a|, a  |, true",
    "a+|, aa|, false",
    "'', '', true",
    "'', a|, false",
  })
  void ellipsis(String shown, String printed, boolean same) {
    boolean matches = ExpectedOutput.matches(shown.replace('|', '\n'), printed.replace('|', '\n'));

    assertThat(matches).isEqualTo(same);
  }
}
