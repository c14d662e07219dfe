package io.shiftadd.tokenizer.jinja;

/**
 * Python's None. Values of templates are never null: they are this, {@link Undefined}, Boolean, Long, Double, String,
 * List, {@link Tuple}, {@link Lazy}, Map, {@link Namespace} or {@link Callable}.
 */
enum None {
    NONE
}
