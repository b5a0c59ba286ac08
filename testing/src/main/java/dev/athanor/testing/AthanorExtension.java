package dev.athanor.testing;

import dev.athanor.engine.UserException;
import dev.athanor.testing.AthanorWorkspace.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// Gives tests the [Athanor] that they have as a parameter, and closes it after them.
///
/// Parameters of one test, and of the methods before and after it, are one workspace, unless they
/// have an [AthanorWorkspace] of their own. One that a constructor or a `@BeforeAll` method has
/// serves all tests of the class. What could not be varied is published as a report entry of the
/// test.
public final class AthanorExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(AthanorExtension.class);

  /// A workspace.
  ///
  /// @param of whose it is alone: a parameter, or nothing
  private record Key(String workspace, Place in, Object of) {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Athanor.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Key key = key(parameter, context);
    return context.getStore(NAMESPACE).computeIfAbsent(key, _ -> open(key, context), Athanor.class);
  }

  private static Key key(ParameterContext parameter, ExtensionContext context) {
    Optional<AthanorWorkspace> own = parameter.findAnnotation(AthanorWorkspace.class);
    return own.or(() -> declared(parameter, context))
        .map(it -> new Key(it.value(), it.in(), own.isPresent() ? parameter.getParameter() : ""))
        .orElse(new Key("", Place.FOLDER, ""));
  }

  private static Optional<AthanorWorkspace> declared(
      ParameterContext parameter, ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestMethod(), AthanorWorkspace.class)
        .or(() ->
            AnnotationSupport.findAnnotation(
                parameter.getDeclaringExecutable(), AthanorWorkspace.class))
        .or(() ->
            context
                .getTestClass()
                .flatMap(type ->
                    AnnotationSupport.findAnnotation(
                        type, AthanorWorkspace.class, context.getEnclosingTestClasses())));
  }

  private static Athanor open(Key key, ExtensionContext context) {
    try {
      Athanor athanor = open(key);
      athanor.notes(context::publishReportEntry);
      return athanor;
    } catch (UserException e) {
      throw new ParameterResolutionException(
          e.getMessage() + e.hint().map(hint -> " (" + hint + ")").orElse(""), e);
    }
  }

  private static Athanor open(Key key) {
    if (key.workspace().isEmpty()) {
      return switch (key.in()) {
        case FOLDER -> Athanor.temporary();
        case MEMORY -> Athanor.inMemory();
        case IN_PLACE ->
            throw new UserException(
                "@AthanorWorkspace names no workspace to build where it is", "say which");
      };
    }
    Path workspace = find(key.workspace());
    return switch (key.in()) {
      case FOLDER -> Athanor.copyOf(workspace);
      case MEMORY -> Athanor.inMemory().copy(workspace);
      case IN_PLACE -> Athanor.inPlace(workspace);
    };
  }

  /// Tests run in the folder of their module, or in one above it.
  private static Path find(String workspace) {
    Path here = Path.of("").toAbsolutePath();
    for (Path at = here; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve(workspace))) {
        return Folders.workspace(at.resolve(workspace));
      }
    }
    throw new UserException(
        "no workspace " + workspace + " below " + here + " or a directory above it");
  }
}
