package io.shiftadd.inference.syntax;

import io.shiftadd.inference.grammar.rule.Rule;

/**
 * A tool as calls of it are written.
 *
 * @param arguments JSON objects that meet its schema
 * @param identifiers whether all names of arguments are such that a program could have them
 */
public record ToolRule(String name, Rule arguments, boolean identifiers) {}
