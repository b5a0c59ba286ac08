/// The lock file: what the tags of pulled images stood for when somebody last looked. It is checked
/// in, so that a tag means the same image to everybody until it is changed on purpose. Knows no
/// rules and no actions.
@NullMarked
package dev.athanor.oci.lock;

import org.jspecify.annotations.NullMarked;
