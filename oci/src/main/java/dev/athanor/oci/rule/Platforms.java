package dev.athanor.oci.rule;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.model.Platform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Image targets that are built for several platforms: the target is analysed once for each, with
/// all that it depends on, and then is an index of what comes of it.
///
/// Where such a target is built for a platform that another target imposes, it is the image for
/// that platform.
final class Platforms {
  static final Attribute ATTRIBUTE =
      Attribute.strings(
          "platforms",
          """
          Platforms to build the image for, with all that it takes, as `os/architecture` or \
          `os/architecture/variant`. The target is then an index of these images; on top of it, a target for one \
          platform gets the image for that one. `annotations` go to the index, too.\
          """);

  /// One configuration for each of the platforms.
  static final Rule.Split SPLIT =
      new Rule.Split() {
        @Override
        public List<Configuration> of(RuleContext context) {
          return split(context);
        }

        @Override
        public boolean keeps(Attribute attribute) {
          return attribute.name().equals(Publishing.FILES.name());
        }
      };

  private Platforms() {}

  private static List<Configuration> split(RuleContext context) {
    List<Platform> platforms = wanted(context);
    if (!platforms.isEmpty() && context.attributes().optionalString("platform").isPresent()) {
      throw context.error(
          ATTRIBUTE.name(), "platform is given, too", "the images are for what platforms says");
    }
    Configuration build = context.configuration();
    if (build.reason() != Configuration.Reason.IMPOSED) {
      return platforms.stream()
          .map(p -> build.imposing(p.os(), p.architecture(), p.variant()))
          .toList();
    }
    if (!platforms.isEmpty() && !platforms.contains(of(build))) {
      throw context.error(
          ATTRIBUTE.name(),
          "it is wanted for " + of(build) + ", which is none of them",
          "add it, or build what wants it for fewer platforms");
    }
    return List.of();
  }

  private static List<Platform> wanted(RuleContext context) {
    List<Platform> platforms = new ArrayList<>();
    Set<Platform> seen = new HashSet<>();
    for (String text : context.attributes().strings(ATTRIBUTE.name())) {
      Platform platform = context.parsed(ATTRIBUTE.name(), text, Platform::parse).normalized();
      if (!seen.add(platform)) {
        throw context.error(ATTRIBUTE.name(), platform + " is there twice", "");
      }
      platforms.add(platform);
    }
    return platforms;
  }

  /// What a build is for.
  static Platform of(Configuration build) {
    return Platform.of(build.os(), build.architecture(), build.variant()).normalized();
  }

  /// The index of the images for all platforms; and if what the build is for is among them, that
  /// image, for those who run it or put something on top.
  static Providers index(RuleContext context, OciActions actions) {
    List<ConfiguredTarget> images = context.split();
    List<String> platforms = images.stream().map(ConfiguredTarget::platform).toList();
    List<Provider> providers =
        new ArrayList<>(ImageIndex.declare(context, actions, images, platforms));
    int own = platforms.indexOf(of(context.configuration()).toString());
    if (own >= 0) {
      Optional<ImageInfo> image = images.get(own).providers().get(ImageInfo.class);
      image.ifPresent(info -> {
        providers.add(info);
        providers.add(info.executionRoot());
      });
    }
    return Providers.of(providers);
  }
}
