package dev.athanor.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Which workspace the [Athanor] parameters of a test class or method are, or that parameter is.
/// The nearest one counts.
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
@ExtendWith(AthanorExtension.class)
public @interface AthanorWorkspace {
  /// A folder with a WORKSPACE file, below the directory that tests run in or one above that. Where
  /// none is named, the workspace is empty.
  String value() default "";

  /// Where it is built.
  Place in() default Place.FOLDER;

  /// Where a workspace lies.
  enum Place {
    /// In a temporary folder, as a copy.
    FOLDER,
    /// In memory, as a copy. No command runs there.
    MEMORY,
    /// Where it is. It is only read.
    IN_PLACE
  }
}
