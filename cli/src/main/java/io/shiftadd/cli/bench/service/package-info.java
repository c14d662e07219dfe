/** A running inference-service measured by what its clients get: load, guesses ahead, beginnings of prompts. */
@NullMarked
package io.shiftadd.cli.bench.service;

import org.jspecify.annotations.NullMarked;
