package dev.athanor.oci.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.AttributeEdit;
import dev.athanor.oci.image.LayerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// `oci_python_image`, `oci_java_image` and `oci_native_image`: images of one program, in layers by
/// how often they change. What the program depends on is the lowest, then its resources, then the
/// program itself, so that a change of the program moves nothing else.
final class ProgramImages {
  private static final Attribute DEPENDENCIES =
      Attribute.labels(
          "dependencies", "What the program needs and what seldom changes: the lowest layer.");

  private static final Attribute RESOURCES =
      Attribute.labels(
          "resources", "Files that the program reads: a layer between dependencies and program.");

  private final OciActions actions;

  private ProgramImages(OciActions actions) {
    this.actions = actions;
  }

  static List<Rule> rules(OciActions actions) {
    ProgramImages rules = new ProgramImages(actions);
    return Stream.of(rules.python(), rules.java(), rules.nativeProgram())
        .map(rule -> rule.splitting(Platforms.SPLIT, context -> Platforms.index(context, actions)))
        .toList();
  }

  private static List<Attribute> attributes(String directory, Attribute... own) {
    List<Attribute> attributes = new ArrayList<>(List.of(own));
    attributes.add(DEPENDENCIES);
    attributes.add(RESOURCES);
    attributes.addAll(LayerAttributes.below(directory));
    return ImageAttributes.and(attributes);
  }

  private Rule python() {
    return Rule.of(
        "oci_python_image",
        """
        An image of a Python program. It starts as `python MAIN`, or without `main` as `python` with the last `.pex` file \
        of `packages`.\
        """,
        attributes(
            "/",
            Attribute.string(
                "main",
                "The script to start: the path of a file of `packages`, or an absolute path in the image."),
            Attribute.string("interpreter", "What runs it.").orElse("python")),
        this::analyzePython);
  }

  private Providers analyzePython(RuleContext context) {
    DeclaredImage image = new DeclaredImage(context, actions);
    add(image, context, "dependencies", at(context, "dependencies"));
    add(image, context, "resources", at(context, "resources"));
    addPackages(image, context, LayerAttributes.spec(context), List.of());
    List<String> start = List.of(context.attributes().string("interpreter"), script(context));
    return image.finish(Optional.of(start), Map.of());
  }

  private static String script(RuleContext context) {
    Optional<String> main = context.attributes().optionalString("main");
    if (main.isPresent() && main.get().startsWith("/")) {
      return main.get();
    }
    List<Artifact> files = context.files("packages");
    List<Artifact> candidates =
        main.isPresent()
            ? files.stream().filter(file -> LayerAttributes.shown(file).equals(main.get())).toList()
            : files.stream().filter(file -> LayerAttributes.shown(file).endsWith(".pex")).toList();
    if (main.isPresent() && candidates.isEmpty()) {
      candidates =
          files.stream()
              .filter(file -> LayerAttributes.shown(file).endsWith("/" + main.get()))
              .toList();
    }
    if (candidates.isEmpty() || (main.isPresent() && candidates.size() > 1)) {
      throw context.error(
          "main",
          main.isPresent()
              ? candidates.size() + " files of packages are " + main.get()
              : "there is no main, and no .pex file in packages",
          "packages holds " + files.stream().map(LayerAttributes::shown).toList());
    }
    return LayerAttributes.destination(context, candidates.getLast());
  }

  private Rule java() {
    return Rule.of(
        "oci_java_image",
        """
        An image of a Java program: `packages` are its own jars and directories of classes, `dependencies` the jars of \
        others, below `libs`, and `resources` files for the class path, below `resources`. The class path names them in \
        this order, each list as written, so that no directory's order decides what is loaded.\
        """,
        attributes(
            "/app",
            Attribute.string("main_class", "The class to start.").required(),
            Attribute.strings("jvm_flags", "Flags of the virtual machine."),
            Attribute.string("java", "The program that is the virtual machine.").orElse("java")),
        this::analyzeJava);
  }

  private Providers analyzeJava(RuleContext context) {
    DeclaredImage image = new DeclaredImage(context, actions);
    String directory = LayerAttributes.directory(context);
    Function<Artifact, String> library = file -> directory + "/libs/" + LayerAttributes.shown(file);
    add(image, context, "dependencies", at(context, "dependencies", library));
    add(
        image,
        context,
        "resources",
        at(
            context,
            "resources",
            file ->
                directory
                    + "/resources"
                    + LayerAttributes.besides(context, file).substring(directory.length())));
    addPackages(image, context, LayerAttributes.spec(context), List.of());
    List<String> classPath = new ArrayList<>();
    for (Artifact file : context.files("packages")) {
      classPath.add(LayerAttributes.destination(context, file));
    }
    if (!context.files("resources").isEmpty()) {
      classPath.add(directory + "/resources");
    }
    context.files("dependencies").forEach(file -> classPath.add(library.apply(file)));
    if (classPath.isEmpty()) {
      throw context.error("packages", "there is nothing to run", "name the jars of the program");
    }
    List<String> start = new ArrayList<>(List.of(context.attributes().string("java")));
    start.addAll(context.attributes().strings("jvm_flags"));
    start.addAll(
        List.of("-cp", String.join(":", classPath), context.attributes().string("main_class")));
    return image.finish(Optional.of(start), Map.of());
  }

  private Rule nativeProgram() {
    return Rule.of(
        "oci_native_image",
        """
        An image of a program for the machine itself: `binary`, the shared libraries that it needs as `dependencies`, \
        below `lib`, where `LD_LIBRARY_PATH` finds them, and `resources` beside it.\
        """,
        attributes("/app", Attribute.label("binary", "The program.").required()),
        this::analyzeNative);
  }

  private Providers analyzeNative(RuleContext context) {
    DeclaredImage image = new DeclaredImage(context, actions);
    String libraries = LayerAttributes.directory(context) + "/lib";
    Function<Artifact, String> library = file -> libraries + "/" + name(file);
    add(image, context, "dependencies", at(context, "dependencies", library));
    add(image, context, "resources", at(context, "resources"));
    Artifact binary = binary(context);
    String place = LayerAttributes.besides(context, binary);
    LayerSpec spec = LayerAttributes.spec(context);
    SortedMap<String, String> places = new TreeMap<>(spec.places());
    places.put(place, binary.path().text());
    List<AttributeEdit> edits = new ArrayList<>(List.of(new AttributeEdit.Mode(place, 0755)));
    edits.addAll(spec.edits());
    addPackages(
        image,
        context,
        new LayerSpec(places, spec.archives(), spec.symlinks(), spec.directories(), edits),
        List.of(binary));
    Map<String, String> env =
        context.files("dependencies").isEmpty() ? Map.of() : Map.of("LD_LIBRARY_PATH", libraries);
    return image.finish(Optional.of(List.of(place)), env);
  }

  private static Artifact binary(RuleContext context) {
    var info = context.dependency("binary").orElseThrow().providers().defaultInfo();
    if (info.executable().isPresent()) {
      return info.executable().get();
    }
    if (info.files().size() != 1) {
      throw context.error(
          "binary", "is " + info.files().size() + " files", "name a target that makes one program");
    }
    return info.files().getFirst();
  }

  private static String name(Artifact file) {
    String path = LayerAttributes.shown(file);
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static SortedMap<String, String> at(RuleContext context, String attribute) {
    return at(context, attribute, file -> LayerAttributes.besides(context, file));
  }

  /// The places of an attribute's files.
  private static SortedMap<String, String> at(
      RuleContext context, String attribute, Function<Artifact, String> place) {
    SortedMap<String, String> places = new TreeMap<>();
    for (Artifact file : context.files(attribute)) {
      String other = places.put(place.apply(file), file.path().text());
      if (other != null) {
        throw context.error(
            attribute,
            other + " and " + file.path() + " both go to " + place.apply(file),
            "give one of them another name");
      }
    }
    return places;
  }

  private static void add(
      DeclaredImage image,
      RuleContext context,
      String attribute,
      SortedMap<String, String> places) {
    image.add(attribute + ".layer", LayerSpec.of(places), context.files(attribute));
  }

  private static void addPackages(
      DeclaredImage image, RuleContext context, LayerSpec spec, List<Artifact> more) {
    List<Artifact> inputs =
        Stream.concat(LayerAttributes.inputs(context).stream(), more.stream()).distinct().toList();
    image.add("layer", spec, inputs);
  }
}
