/// A workspace with everything needed to build in it, put together: what programs that embed the
/// engine talk to.
@NullMarked
package dev.athanor.engine.session;

import org.jspecify.annotations.NullMarked;
