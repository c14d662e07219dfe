package io.shiftadd.inference.grammar;

import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.schema.SchemaCompiler;
import io.shiftadd.inference.grammar.schema.SchemaException;
import tools.jackson.databind.JsonNode;

/** Makes grammars of JSON schemas (draft 2020-12, and what earlier drafts wrote otherwise). */
public final class JsonSchemas {

    /**
     * Counts its work, so that how long it takes is bounded for every schema.
     *
     * @throws SchemaException when it is no schema, uses a keyword that is not supported, nothing can meet it, or it
     * takes too much work
     */
    public JsonGrammar compile(JsonNode schema, VocabularyTrie vocabulary) {
        Rule rule = SchemaCompiler.compile(schema);
        return new JsonGrammar(rule, vocabulary);
    }
}
