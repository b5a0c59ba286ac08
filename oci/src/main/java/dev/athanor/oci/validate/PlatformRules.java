package dev.athanor.oci.validate;

import dev.athanor.oci.model.Platform;
import java.util.Optional;

/// What is asked of a platform: that of a descriptor, and that in a config.
///
/// @param type when a part that may be absent is there and wrong
record PlatformRules(Rule architecture, Rule os, Rule type) {
  private static final PlatformRules OF_DESCRIPTOR =
      new PlatformRules(Rule.PLATFORM_ARCHITECTURE, Rule.PLATFORM_OS, Rule.PLATFORM_MEMBER_TYPE);
  static final PlatformRules OF_CONFIG =
      new PlatformRules(Rule.CONFIG_ARCHITECTURE, Rule.CONFIG_OS, Rule.CONFIG_MEMBER_TYPE);

  /// The member `platform` of a descriptor.
  static Optional<Platform> check(Value value) {
    Optional<Value> platform = value.object(Rule.PLATFORM_OBJECT);
    platform.ifPresent(it -> it.refuseLookalikes(Platform.MEMBERS));
    platform
        .flatMap(it -> it.member("features"))
        .ifPresent(it -> it.report(Rule.PLATFORM_RESERVED, "is reserved for the future"));
    return platform.flatMap(OF_DESCRIPTOR::read);
  }

  /// The platform that an object describes; empty where that cannot be told.
  Optional<Platform> read(Value object) {
    Optional<String> hardware =
        object.required("architecture", architecture).flatMap(it -> it.string(architecture));
    Optional<String> system = object.required("os", os).flatMap(it -> it.string(os));
    String variant = optional(object, "variant");
    String version = optional(object, "os.version");
    object.member("os.features").ifPresent(it -> it.strings(type));
    return hardware.isEmpty() || system.isEmpty()
        ? Optional.empty()
        : Optional.of(new Platform(system.get(), hardware.get(), variant, version));
  }

  private String optional(Value object, String name) {
    return object.member(name).flatMap(it -> it.string(type)).orElse("");
  }
}
