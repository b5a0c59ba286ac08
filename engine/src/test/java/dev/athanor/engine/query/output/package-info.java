/// Tests of what answers look like.
@NullMarked
package dev.athanor.engine.query.output;

import org.jspecify.annotations.NullMarked;
