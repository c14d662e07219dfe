package io.shiftadd.inference.openai.request;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Fields of OpenAI's API, of other servers and of clients that this API does not have and that would change the answer.
 * This table alone decides whether a value asks for something: then the request is refused, because an answer that
 * silently is another one than was asked for is worse than none. A field that is not here changes nothing and is
 * ignored by name.
 */
final class OutputFields {

    private static final Predicate<JsonNode> ANYTHING = value -> !isEmpty(value);
    private static final Predicate<JsonNode> EVEN_EMPTY = value -> true;
    private static final Predicate<JsonNode> TRUE = value -> !isFalse(value);
    private static final Predicate<JsonNode> FALSE = OutputFields::isFalse;

    private static final String USE_CHAT = "tools are called in conversations; use /v1/chat/completions";
    private static final String USE_TOOLS = "use 'tools', 'tool_choice' and messages of the role 'tool'";
    private static final String USE_THINKING = "use 'enable_thinking' and 'thinking_budget'";
    private static final String USE_MAX_TOKENS = "use 'max_tokens' for the number of tokens";
    private static final String USE_FORMAT = "use 'response_format' for answers of a given form";
    private static final String USE_MESSAGES = "use 'messages' for what the model is to read";
    private static final String NO_SUCH_SAMPLING =
            "this server samples with temperature, top_p, top_k, min_p, penalties and logit_bias; leave it out";
    private static final String NO_MEDIA = "this server reads and writes text only; leave it out";
    private static final String NO_SUCH_OUTPUT = "this server's answers have no such part; leave it out";
    private static final String NO_SUCH_DECODING = "this server does not decode that way; leave it out";

    private static final Map<String, Rule> TABLE = new HashMap<>();

    /** What means something else in conversations. */
    private static final Map<String, Rule> IN_CHAT = new HashMap<>();

    /** @param asks whether a value, which is not null, asks for something */
    private record Rule(Predicate<JsonNode> asks, String remedy) {}

    static {
        tools();
        media();
        sampling();
        decoding();
        prompts();
    }

    private OutputFields() {}

    private static void put(Predicate<JsonNode> asks, String remedy, String... names) {
        for (String name : names) {
            TABLE.put(name, new Rule(asks, remedy));
        }
    }

    private static void tools() {
        put(ANYTHING, USE_CHAT, "tools", "tool_calls", "tool_call_id");
        put(OutputFields::choosesATool, USE_CHAT, "tool_choice");
        put(ANYTHING, USE_TOOLS, "functions");
        put(OutputFields::choosesATool, USE_TOOLS, "function_call");
        put(EVEN_EMPTY, "this server does not search; leave it out", "web_search_options");
    }

    private static void media() {
        put(ANYTHING, NO_MEDIA, "audio", "images", "image", "video");
        put(value -> !isTextOnly(value), NO_MEDIA, "modalities");
    }

    private static void sampling() {
        put(otherThan(0), NO_SUCH_SAMPLING, "mirostat", "mirostat_mode", "top_a", "epsilon_cutoff", "eta_cutoff");
        put(otherThan(0), NO_SUCH_SAMPLING, "dry_multiplier", "xtc_probability", "dynatemp_range", "smoothing_factor");
        put(otherThan(0), NO_SUCH_SAMPLING, "no_repeat_ngram_size", "penalty_alpha", "diversity_penalty");
        put(otherThan(1), NO_SUCH_SAMPLING, "typical_p", "typical", "tfs_z", "tfs", "encoder_repetition_penalty");
        put(otherThan(1), "use 'repetition_penalty'", "repeat_penalty");
        put(otherThan(-1), NO_SUCH_SAMPLING, "top_n_sigma", "nsigma");
        put(ANYTHING, "use 'seed'", "random_seed", "sampling_seed");
        put(otherThan(1), "use 'n'", "num_return_sequences", "candidate_count", "candidateCount");
        put(ANYTHING, NO_SUCH_SAMPLING, "logits_processors", "logit_processors", "logits_processor", "samplers");
        put(FALSE, "use 'temperature': 0", "do_sample");
        put(ANYTHING, "put its fields beside the others", "options", "extra_body", "sampling_params", "parameters");
    }

    private static void decoding() {
        put(TRUE, NO_SUCH_DECODING, "ban_eos_token");
        put(ANYTHING, "use 'logit_bias'", "custom_token_bans", "banned_tokens");
        put(ANYTHING, NO_SUCH_DECODING, "negative_prompt");
        put(otherThan(1), NO_SUCH_DECODING, "guidance_scale");
        put(TRUE, NO_SUCH_DECODING, "use_beam_search", "early_stopping", "ignore_eos", "include_stop_str_in_output");
        put(otherThan(1), NO_SUCH_DECODING, "length_penalty", "num_beams", "best_of");
        put(otherThan(0), NO_SUCH_DECODING, "min_tokens", "min_new_tokens", "min_length");
        put(FALSE, NO_SUCH_DECODING, "skip_special_tokens");
        put(ANYTHING, NO_SUCH_DECODING, "stop_token_ids", "allowed_token_ids", "bad_words", "bad_words_ids");
        put(ANYTHING, NO_SUCH_DECODING, "suffix", "lora", "adapter", "lora_request");
        put(otherThan(0), USE_MAX_TOKENS, "max_new_tokens", "max_length", "max_output_tokens", "num_predict");
        put(otherThan(0), USE_MAX_TOKENS, "n_predict", "max_tokens_to_sample", "maxOutputTokens");
        put(ANYTHING, "use 'stop'", "stop_sequences", "stop_words", "stop_strings", "stopSequences");
        put(ANYTHING, USE_FORMAT, "guided_json", "guided_regex", "guided_choice", "guided_grammar", "guided_decoding");
        put(ANYTHING, USE_FORMAT, "structured_outputs", "structural_tag", "grammar", "json_schema", "regex", "ebnf");
        put(ANYTHING, USE_FORMAT, "format", "text_format", "response_schema", "responseSchema");
        put(ANYTHING, "use 'response_format' of the type 'json_schema' with a 'json_schema.schema'", "schema");
        put(TRUE, NO_SUCH_OUTPUT, "echo", "return_token_ids", "return_tokens_as_token_ids", "normalize");
        put(ANYTHING, NO_SUCH_OUTPUT, "prompt_logprobs");
        put(otherThan(0), "use 'logprobs'", "n_probs");
        put(notWord("text/plain"), USE_FORMAT, "response_mime_type", "responseMimeType");
    }

    private static void prompts() {
        put(ANYTHING, USE_MESSAGES, "prompt", "input", "system", "system_prompt", "instructions", "instruction");
        put(ANYTHING, "use 'prompt', or /v1/chat/completions", "messages");
        put(ANYTHING, "the model's own template is used; leave it out", "chat_template", "template", "prompt_name");
        put(ANYTHING, "put what they say into the messages", "documents", "context", "raw");
        put(otherThan(-1), "send a prompt that fits the model's context", "truncate_prompt_tokens");
        put(ANYTHING, "shorten the messages yourself", "transforms");
        put(notWord("disabled"), "shorten the messages yourself", "truncation");
        put(TRUE, "put what it says into the messages", "safe_prompt");
        put(FALSE, "the answer of the assistant is always begun; leave it out", "add_generation_prompt");
        put(
                TRUE,
                "an assistant's message is not continued; leave it out",
                "continue_final_message",
                "prefix",
                "partial");
        put(FALSE, "send token ids, to which nothing is added", "add_special_tokens");
        IN_CHAT.put("add_special_tokens", new Rule(TRUE, "the model's template writes them; leave it out"));
        put(TRUE, USE_THINKING, "think");
        put(value -> !value.path("type").asString("").equals("disabled") && !isEmpty(value), USE_THINKING, "thinking");
        // One letter away from 'model', and no misspelling of it: a list for when that one is not there.
        put(value -> false, "", "models");
    }

    private static boolean choosesATool(JsonNode choice) {
        JsonNode word = choice.isObject() ? choice.path("type") : choice;
        return !isEmpty(choice) && notWord("none", "auto").test(word);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isContainer() && value.isEmpty() || isFalse(value) || value.isString() && isBlank(value);
    }

    private static boolean isBlank(JsonNode value) {
        return value.stringValue().isEmpty();
    }

    private static boolean isFalse(JsonNode value) {
        return value.isBoolean() && !value.booleanValue();
    }

    private static boolean isTextOnly(JsonNode modalities) {
        return modalities.isArray()
                && modalities
                        .valueStream()
                        .allMatch(one -> one.isString() && one.stringValue().equals("text"));
    }

    private static Predicate<JsonNode> otherThan(double nothing) {
        return value -> !(value.isNumber() && value.doubleValue() == nothing) && !isFalse(value);
    }

    private static Predicate<JsonNode> notWord(String... words) {
        return value -> !(value.isString() && List.of(words).contains(value.stringValue())) && !isEmpty(value);
    }

    static boolean has(String name) {
        return TABLE.containsKey(name);
    }

    /**
     * What to do instead; null when the value asks for nothing.
     *
     * @param chat whether the request is a conversation
     */
    static @Nullable String remedy(String name, JsonNode value, boolean chat) {
        Rule rule = chat ? IN_CHAT.getOrDefault(name, TABLE.get(name)) : TABLE.get(name);
        return rule == null || value.isNull() || !rule.asks().test(value) ? null : rule.remedy();
    }
}
