package dev.athanor.engine.query;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Target;

/// A target as queries see it: declared by a rule, or a file.
public sealed interface QueryTarget {
  Label label();

  /// What `kind` matches: `genrule rule`, `source file`, `generated file`.
  String kind();

  /// `file:line:column`.
  String location();

  /// Declared in a BUILD file.
  record OfRule(Target target) implements QueryTarget {
    @Override
    public Label label() {
      return target.label();
    }

    @Override
    public String kind() {
      return target.rule().name() + " rule";
    }

    @Override
    public String location() {
      return target.location();
    }
  }

  /// A file of the workspace.
  record SourceFile(Label label) implements QueryTarget {
    @Override
    public String kind() {
      return "source file";
    }

    @Override
    public String location() {
      return label.path() + ":1:1";
    }
  }

  /// A file that a target makes.
  record GeneratedFile(Label label, Target maker) implements QueryTarget {
    @Override
    public String kind() {
      return "generated file";
    }

    @Override
    public String location() {
      return maker.location();
    }
  }
}
