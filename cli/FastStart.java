import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Copies jars, with every `switch` over types made into plain instance tests.
///
/// The compiler leaves such a switch to a bootstrap method, which spins a class when the switch is
/// first reached. The JVM's start-up cache keeps the classes of lambdas but, as of JDK 25, not
/// these: each costs some milliseconds in every process. Run by `train.sh`; to be dropped when the
/// cache keeps them.
///
/// usage: java -cp CLASSES FastStart.java TARGET-DIRECTORY JAR...
final class FastStart {
  private static final ClassDesc SWITCHES = ClassDesc.of("java.lang.runtime.SwitchBootstraps");

  /// Finds how types are related, which the verifier wants to know, on the class path.
  private static final ClassFile FILES =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())
                  .cached()));

  public static void main(String[] args) throws IOException {
    Path target = Files.createDirectories(Path.of(args[0]));
    for (String jar : List.of(args).subList(1, args.length)) {
      Path source = Path.of(jar);
      copy(source, target.resolve(source.getFileName()));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (JarFile in = new JarFile(from.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
      for (JarEntry entry : in.stream().toList()) {
        JarEntry copied = new JarEntry(entry.getName());
        copied.setTime(entry.getTime());
        out.putNextEntry(copied);
        try (InputStream bytes = in.getInputStream(entry)) {
          byte[] content = bytes.readAllBytes();
          out.write(entry.getName().endsWith(".class") ? rewrite(content) : content);
        }
      }
    }
  }

  private static byte[] rewrite(byte[] bytes) {
    ClassModel model = FILES.parse(bytes);
    List<Switch> switches = new ArrayList<>();
    CodeTransform code =
        (builder, element) -> {
          if (typeSwitch(element) instanceof InvokeDynamicInstruction indy) {
            String name = "switch$" + switches.size();
            switches.add(new Switch(name, indy.typeSymbol(), indy.bootstrapArgs()));
            builder.invokestatic(
                model.thisClass().asSymbol(),
                name,
                indy.typeSymbol(),
                model.flags().has(AccessFlag.INTERFACE));
          } else {
            builder.with(element);
          }
        };
    ClassTransform transform =
        ClassTransform.transformingMethodBodies(code)
            .andThen(
                ClassTransform.endHandler(
                    builder ->
                        switches.forEach(
                            s ->
                                builder.withMethodBody(
                                    s.name,
                                    s.type,
                                    ClassFile.ACC_PRIVATE
                                        | ClassFile.ACC_STATIC
                                        | ClassFile.ACC_SYNTHETIC,
                                    s::write))));
    byte[] rewritten = FILES.transformClass(model, transform);
    return switches.isEmpty() ? bytes : rewritten;
  }

  /// The element, if it is a switch over nothing but types.
  private static CodeElement typeSwitch(CodeElement element) {
    return element instanceof InvokeDynamicInstruction indy
            && indy.bootstrapMethod() instanceof DirectMethodHandleDesc method
            && method.owner().equals(SWITCHES)
            && method.methodName().equals("typeSwitch")
            && indy.bootstrapArgs().stream().allMatch(label -> label instanceof ClassDesc)
        ? indy
        : null;
  }

  /// A method that says which label a value has: -1 for null, and one past the last for none. It
  /// looks from the label `restart` on, as a case whose guard has failed asks it to.
  private record Switch(String name, MethodTypeDesc type, List<ConstantDesc> labels) {
    void write(CodeBuilder code) {
      Label notNull = code.newLabel();
      code.aload(0).ifnonnull(notNull).loadConstant(-1).ireturn().labelBinding(notNull);
      for (int i = 0; i < labels.size(); i++) {
        Label next = code.newLabel();
        code.iload(1)
            .loadConstant(i)
            .if_icmpgt(next)
            .aload(0)
            .instanceOf((ClassDesc) labels.get(i))
            .ifeq(next)
            .loadConstant(i)
            .ireturn()
            .labelBinding(next);
      }
      code.loadConstant(labels.size()).ireturn();
    }
  }
}
