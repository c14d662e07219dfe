package io.shiftadd.inference.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.syntax.Reasoning.Start;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a text is, told as it comes, is the same however it is cut into pieces. */
class AnswerReaderTest {

    private static final Reasoning THINK = new Reasoning("<think>", "</think>");
    private static final Set<String> TOOLS = Set.of("f", "g");

    /** Thoughts in (), text as it is, calls in [] with what they have. */
    private static String shown(List<AnswerPart> parts) {
        StringBuilder all = new StringBuilder();
        Class<?> before = null;
        for (AnswerPart part : parts) {
            boolean goesOn = part.getClass() == before;
            switch (part) {
                case AnswerPart.Thought(String text) ->
                    all.append(goesOn ? "" : "(").append(text);
                case AnswerPart.Said(String text) ->
                    all.append(closing(before, goesOn)).append(text);
                case AnswerPart.CallBegun call ->
                    all.append(closing(before, goesOn))
                            .append('[')
                            .append(call.call())
                            .append(call.name())
                            .append(' ');
                case AnswerPart.CallArguments more -> all.append(more.text());
                case AnswerPart.CallEnded _ -> all.append(']');
            }
            before = part.getClass();
        }
        return all.append(closing(before, false)).toString();
    }

    private static String closing(Class<?> before, boolean goesOn) {
        return before == AnswerPart.Thought.class && !goesOn ? ")" : "";
    }

    private static String read(AnswerReader reader, String text, int piece) {
        List<AnswerPart> parts = new ArrayList<>();
        for (int at = 0; at < text.length(); at += piece) {
            parts.addAll(reader.push(text.substring(at, Math.min(text.length(), at + piece))));
        }
        parts.addAll(reader.finish());
        return shown(parts);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '~',
            value = {
                "HERMES § <tool_call>#{\"name\": \"f\", \"arguments\": {\"a\": \"}\\\"</tool_call>\"}}#</tool_call> § [0f {\"a\": \"}\\\"</tool_call>\"}]",
                "HERMES § I look.##<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>#<tool_call>{\"name\":\"g\",\"arguments\":{\"b\":[1,{}]}}</tool_call> § I look.[0f {}][1g {\"b\":[1,{}]}]",
                "HERMES § a <tool_box> and <tool_call>nothing</tool_call> § a <tool_box> and <tool_call>nothing</tool_call>",
                "HERMES § 1 < 2 <tool_ § 1 < 2 <tool_",
                "MISTRAL § [TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\": 1}}, {\"name\": \"g\", \"arguments\": {}}] § [0f {\"a\": 1}][1g {}]",
                "MISTRAL_NAMED § [TOOL_CALLS]f[ARGS]{\"a\": \"]\"}[TOOL_CALLS]g[ARGS]{} § [0f {\"a\": \"]\"}][1g {}]",
                "MISTRAL_NAMED § [TOOL_CALLS]f[CALL_ID]abc[ARGS]{} § [0f {}]",
                "LLAMA § {\"name\": \"f\", \"parameters\": {\"a\": \"x\"}} § [0f {\"a\": \"x\"}]",
                "LLAMA § <|python_tag|>{\"name\": \"f\", \"parameters\": {}} § [0f {}]",
                "LLAMA § {\"name\": \"Bob\", \"age\": 3} § {\"name\": \"Bob\", \"age\": 3}",
                "LLAMA § {# #\"name\": \"f\", \"parameters\": {}} § [0f {}]",
                "LLAMA § Say {\"name\": \"f\", \"parameters\": {}} § Say {\"name\": \"f\", \"parameters\": {}}",
                "PHI § <|tool_call|>[{\"name\": \"f\", \"arguments\": {\"a\": null}}]<|/tool_call|> § [0f {\"a\": null}]",
                "PHI § functools[{\"name\": \"g\", \"arguments\": {}}] § [0g {}]",
                "JSON_OBJECT § {\"name\": \"f\", \"parameters\": {\"a\": \"```\"}} § [0f {\"a\": \"```\"}]",
                "JSON_OBJECT § ```json#{\"name\": \"f\", \"arguments\": {\"a\": 1}}#``` § [0f {\"a\": 1}]",
                "JSON_OBJECT § #```tool_call#{\"name\": \"f\", \"arguments\": {}}#{\"name\": \"g\", \"arguments\": {}}#``` § [0f {}][1g {}]",
                "JSON_OBJECT § ```json#{\"names\": 1}#``` § ```json#{\"names\": 1}#```",
                "PYTHON_BLOCK § I look.#```tool_code#print(f(city=\"Par)is\", days=2, now=True))#``` § I look.[0f {\"city\": \"Par)is\", \"days\": 2, \"now\": true}]",
                "PYTHON_BLOCK § ```tool_code#f()#g(a=[None, {\"b\": False}], c=\"None\")#``` § [0f {}][1g {\"a\": [null, {\"b\": false}], \"c\": \"None\"}]",
                "PYTHON_BLOCK § ```tool_code#f(**{\"a-b\": None})#``` § [0f {\"a-b\": null}]",
                "PYTHON_BLOCK § Use ```tool_box``` and ```tool_code#x = 1#``` § Use ```tool_box``` and ```tool_code#x = 1#```",
                "PYTHON_LIST § [f(a=-1.5e3), g()] § [0f {\"a\": -1.5e3}][1g {}]",
                "PYTHON_LIST § ```tool_code#[f(a=\"]\")]#``` § [0f {\"a\": \"]\"}]",
                "PYTHON_LIST § [1, 2] and [f](a) § [1, 2] and [f](a)",
                "PYTHON_LIST § See [f(a=1)] § See [f(a=1)]"
            })
    void findsCallsInEveryFormat(ToolFormat format, String text, String expected) {
        String written = text.replace('#', '\n');
        for (int piece = 1; piece <= written.length(); piece++) {
            AnswerReader reader = new AnswerReader(null, Start.ENDED, format, TOOLS);
            assertThat(read(reader, written, piece)).as("pieces of %d", piece).isEqualTo(expected.replace('#', '\n'));
            assertThat(reader.hasCalls()).isEqualTo(expected.contains("[0"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "OPEN § <think>#hm, so##</think>##Yes. § (hm, so)Yes.",
                "OPEN § #<think></think>#Yes. § Yes.",
                "OPEN § Yes, <think>no</think>. § Yes, <think>no</think>.",
                "THINKING § hm <b> so</think>Yes. § (hm <b> so)Yes.",
                "THINKING § hm, never ending# § (hm, never ending)",
                "ENDED § Yes. § Yes.",
                "OPEN § <think>I might write <tool_call> here</think><tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call> § (I might write <tool_call> here)[0f {}]"
            })
    void keepsThoughtsApart(Start start, String text, String expected) {
        String written = text.replace('#', '\n');
        for (int piece = 1; piece <= written.length(); piece++) {
            AnswerReader reader = new AnswerReader(THINK, start, ToolFormat.HERMES, TOOLS);
            assertThat(read(reader, written, piece)).as("pieces of %d", piece).isEqualTo(expected);
        }
    }

    @Test
    void tellsTextThatIsNoCallAtOnce() {
        AnswerReader reader = new AnswerReader(null, Start.ENDED, ToolFormat.HERMES, TOOLS);
        assertThat(reader.push("Hello")).containsExactly(new AnswerPart.Said("Hello"));
        assertThat(reader.push(" 1 <")).containsExactly(new AnswerPart.Said(" 1"));
        assertThat(reader.push(" 2")).containsExactly(new AnswerPart.Said(" < 2"));
    }

    @Test
    void tellsArgumentsPieceByPiece() {
        AnswerReader reader = new AnswerReader(null, Start.ENDED, ToolFormat.HERMES, TOOLS);
        List<AnswerPart> begin = reader.push("<tool_call>{\"name\": \"f\", \"arguments\": {\"ci");
        assertThat(begin).hasSize(2);
        assertThat(begin.get(1)).isEqualTo(new AnswerPart.CallArguments(0, "{\"ci"));
        assertThat(reader.push("ty\": \"Pa")).containsExactly(new AnswerPart.CallArguments(0, "ty\": \"Pa"));
        assertThat(reader.push("ris\"}}"))
                .containsExactly(new AnswerPart.CallArguments(0, "ris\"}"), new AnswerPart.CallEnded(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "{% if tools %}<tools>{% endif %}<tool_call> § HERMES",
                "{{ tools }}[AVAILABLE_TOOLS][TOOL_CALLS] § MISTRAL",
                "{{ tools }}[TOOL_CALLS]{{ name }}[ARGS] § MISTRAL_NAMED",
                "{{ tools }}<|python_tag|> § LLAMA",
                "{{ message['tools'] }}<|tool|> § PHI",
                "{{ tools }} § HERMES",
                "{{ tools }} Respond in the format {\"name\": function name, \"parameters\": dictionary of its arguments}. § LLAMA",
                "<start_of_turn>{{ tools }} put it in the format of {\"name\": function name, \"parameters\": dictionary of argument name and its value} § JSON_OBJECT",
                "<start_of_turn>{{ tools }} ```tool_call {'name': <function-name>, 'arguments': <args-dict>}``` § JSON_OBJECT",
                "<start_of_turn>{{ tools }} ```tool_code {\"name\": \"f\", \"arguments\": {\"a\": 1}}``` § JSON_OBJECT",
                "<start_of_turn>{{ tools }} the generated code should be wrapped in ```tool_code``` § PYTHON_BLOCK",
                "<start_of_turn>{{ tools }} [func_name1(params_name1=params_value1, params_name2=params_value2...), func_name2(params)] § PYTHON_LIST",
                "{{ tools }}{{- '[' + tool_call.name + '(' -}} § PYTHON_LIST",
                "{{ tools }}[{{ call['name'] }}({{ arguments }})] § PYTHON_LIST",
                "{{ tools }}{\"name\": \"get\", \"description\": \"…\", \"parameters\": {\"type\": \"object\"}} § HERMES"
            })
    void findsTheFormatOfATemplate(String template, ToolFormat format) {
        assertThat(ToolFormat.of(template)).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource({"qwen2.5, HERMES", "qwen3, HERMES", "llama-3.1, LLAMA", "mistral-v0.3, MISTRAL"})
    void findsTheFormatOfAFamilysOwnTemplate(String template, ToolFormat format) throws IOException {
        assertThat(ToolFormat.of(Samples.template(template))).isEqualTo(format);
    }
}
