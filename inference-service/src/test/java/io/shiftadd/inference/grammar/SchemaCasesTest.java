package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.inference.grammar.schema.SchemaException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a schema's keywords come to together: the values that may be written, or what is refused and where. */
class SchemaCasesTest {

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Set<String> values(String schema) {
        Set<String> values = new HashSet<>();
        for (String text : Walk.texts(Walk.grammar(json(schema)), 30, 30, 5)) {
            JsonNode value = Walk.STRICT.readTree(text);
            values.add(
                    value.isNumber() ? value.decimalValue().stripTrailingZeros().toPlainString() : value.toString());
        }
        return values;
    }

    private static void valid(String schema) {
        Judge judge = Judge.of(Walk.STRICT.readTree(json(schema)));
        for (String text : Walk.texts(Walk.grammar(json(schema)), 10, 30, 6)) {
            assertThat(judge.errors(text)).as(text).isEmpty();
        }
    }

    /** Each with the JSON pointer that the refusal names. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'array','items':{'type':'integer'},'minItems':3,'maxItems':1} | /minItems",
                "{'properties':{'a':{'type':'array','minItems':3,'maxItems':1}},'required':['a']} | /properties/a/minItems",
                "{'properties':{'a':{'type':'array','minItems':3,'maxItems':1},'b':{}}} | /properties/a/minItems",
                "{'anyOf':[{'type':'array','minItems':3,'maxItems':1},{'type':'boolean'}]} | /anyOf/0/minItems",
                "{'type':'object','additionalProperties':{'minItems':3,'maxItems':1}} | /additionalProperties/minItems",
                "{'type':'array','items':{'minItems':3,'maxItems':1}} | /items/minItems",
                "{'type':'array','prefixItems':[{}, {}],'items':false,'minItems':3} | /minItems",
                "{'type':'array','items':false,'minItems':1} | /minItems",
                "{'type':'array','prefixItems':[false],'minItems':1} | /minItems",
                "{'type':'array','minItems':2.5} | /minItems",
                "{'type':'array','maxItems':-1} | /maxItems",
                "{'type':'array','minItems':'3'} | /minItems",
                "{'type':'string','minLength':3,'maxLength':1} | /minLength",
                "{'type':'integer','minimum':3,'maximum':1} | /minimum",
                "{'properties':{'a':{'type':'integer','minimum':3,'maximum':1}}} | /properties/a/minimum",
                "{'type':'integer','minimum':1.5,'maximum':1.9} | /minimum",
                "{'type':'number','minimum':'0'} | /minimum",
                "{'type':'number','minimum':1e300} | /minimum",
                "{'type':'number','minimum':1e-300,'maximum':1.1e-300} | /minimum",
                "{'const':'abc','maxLength':2} | ``",
                "{'const':'a','enum':['b']} | /const",
                "{'const':1e400} | /const",
                "{'enum':[1,{'a':[-1e400]}]} | /enum",
                "{'enum':[5,20],'type':'string'} | ``",
                "{'enum':[]} | /enum",
                "{'enum':'abc'} | /enum",
                "{'type':'string','$ref':'#/$defs/a','$defs':{'a':{'const':1}}} | /$defs/a",
                "{'type':'string','allOf':[{'type':'integer'}]} | /allOf/0/type",
                "{'type':'string','allOf':[{'const':1}]} | /allOf/0",
                "{'anyOf':[{'type':'string'}],'enum':[1]} | ``",
                "{'anyOf':[]} | /anyOf",
                "{'type':'object','minProperties':3,'maxProperties':1} | /minProperties",
                "{'type':'object','required':['a','b'],'maxProperties':1} | /maxProperties",
                "{'properties':{'a':{}},'additionalProperties':false,'minProperties':2} | /minProperties",
                "{'required':['b'],'properties':{'a':{}},'additionalProperties':false} | /required",
                "{'required':['b'],'propertyNames':{'enum':['a']}} | /required",
                "{'type':'string','pattern':'^[a-c]$','allOf':[{'pattern':'x'}]} | /pattern",
                "{'type':'string','pattern':'^a{5,}$','maxLength':4} | /maxLength",
                "{'type':'array','items':{'enum':[1,2]},'uniqueItems':true,'minItems':3} | /uniqueItems",
                "{'type':'array','items':{'type':'number','maximum':1.5},'uniqueItems':true} | /uniqueItems",
                "{'type':'array','items':{'type':'array'},'uniqueItems':true} | /uniqueItems",
                "{'type':'array','prefixItems':[{}],'uniqueItems':true} | /uniqueItems",
                "{'type':'array','items':{'type':'string'},'minItems':501,'uniqueItems':true} | /uniqueItems",
                "{'type':'integer','multipleOf':7,'minimum':8,'maximum':13} | /minimum",
                "{'type':'number','multipleOf':0.01} | /multipleOf",
                "{'multipleOf':0} | /multipleOf",
                "{'oneOf':[{'type':'integer'},{'type':'number'}]} | /oneOf",
                "{'oneOf':[{'properties':{'a':{}}},{'properties':{'b':{}}}]} | /oneOf",
                "{'not':{}} | /not",
                "{'type':'string','not':{}} | /not",
                "{'properties':{'a':{'not':{}}},'required':['a']} | /required",
                "{'not':{'type':'string'}} | /not",
                "{'type':'integer','exclusiveMinimum':true} | /exclusiveMinimum",
                "{'type':'integer','minimum':3,'maximum':3,'exclusiveMinimum':true} | /exclusiveMinimum",
                "{'type':'string','pattern':'^\\\\p{Greekish}'} | /pattern",
                "{'if':{'type':'string'},'then':{'minLength':2}} | /if",
                "{'contains':{},'type':'array'} | /contains",
                "{'dependentRequired':{'a':['b']}} | /dependentRequired",
                "{'unevaluatedProperties':false,'allOf':[{}]} | /unevaluatedProperties",
                "{'type':'string','pattern':'(?<=a)b'} | /pattern",
                "{'type':'string','pattern':'a('} | /pattern",
                "{'properties':{'x/y~z':{'type':'objekt'}}} | /properties/x~1y~0z/type",
                "{'type':[]} | /type",
                "{'required':true} | /required",
                "{'$ref':5} | /$ref",
                "{'$ref':'#/$defs/nothing'} | /$ref",
                "{'$ref':'other.json'} | /$ref",
            })
    void refusesByNameWhatNothingCanMeetOrIsNotKeptTo(String schema, String where) {
        assertThatThrownBy(() -> Walk.grammar(json(schema)))
                .isInstanceOfSatisfying(
                        SchemaException.class, e -> assertThat(e.where()).isIn(where, where + "/pattern"))
                .hasMessageNotContaining("Exception");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'enum':[5,20,300],'maximum':10} | 5",
                "{'type':'string','enum':['a','abcdef'],'minLength':3} | 'abcdef'",
                "{'enum':[[1],[1,2]],'minItems':2} | [1,2]",
                "{'enum':[{'a':1},{'b':1}],'required':['a']} | {'a':1}",
                "{'enum':[{'a':1},{'a':'x'}],'properties':{'a':{'type':'string'}}} | {'a':'x'}",
                "{'type':'integer','const':1.0} | 1",
                "{'type':'integer','enum':[1.5,2.0]} | 2",
                "{'enum':['ab','b'],'pattern':'^b'} | 'b'",
                "{'enum':['2024-02-30','2024-02-29'],'format':'date'} | '2024-02-29'",
                "{'type':'string','anyOf':[{'const':1},{'const':'a'}]} | 'a'",
                "{'anyOf':[{'type':'string'}],'enum':['a',1]} | 'a'",
                "{'type':'string','$ref':'#/$defs/a','$defs':{'a':{'enum':[1,'x']}}} | 'x'",
                "{'type':'string','allOf':[{'enum':['a',1]},{'enum':['a','b']}]} | 'a'",
                "{'allOf':[{'minimum':4},{'maximum':4},{'type':'integer'}]} | 4",
                "{'type':'integer','multipleOf':7,'minimum':8,'maximum':20} | 14",
                "{'type':'number','multipleOf':0.5,'minimum':0.1,'maximum':0.9} | 0.5",
                "{'type':'integer','minimum':9007199254740993,'maximum':9007199254740993} | 9007199254740993",
                "{'oneOf':[{'const':1},{'not':false,'const':2}],'maximum':1} | 1",
                "{'type':'string','pattern':'^a','allOf':[{'pattern':'b$'}],'maxLength':2} | 'ab'",
                "{'properties':{'a':{'type':'null'},'b':false},'minProperties':1} | {'a':null}",
                "{'type':'array','items':{'enum':[1,1.0]},'uniqueItems':true,'minItems':1} | [1]",
                "{'type':'array','items':{'type':'null'},'minItems':1.0,'maxItems':1.0} | [null]",
                "{'propertyNames':{'pattern':'^x$'},'additionalProperties':{'const':1},'minProperties':1} | {'x':1}",
                "{'patternProperties':{'^x$':{'const':1}},'minProperties':1,'additionalProperties':false} | {'x':1}",
                "{'required':['ab'],'maxProperties':1,'patternProperties':{'^a':{'type':'integer'},'b$':{'const':3}}} | {'ab':3}",
                "{'$ref':'#/$defs/Page%3CItem%3E','$defs':{'Page<Item>':{'const':1}}} | 1",
                "{'$ref':'#name','$defs':{'a':{'$anchor':'name','const':1}}} | 1",
                "{'$ref':'#/$defs/x~1y','$defs':{'x/y':{'const':1}}} | 1",
                "{'type':'integer','minimum':3,'exclusiveMinimum':true,'maximum':5,'exclusiveMaximum':true} | 4",
                "{'type':'integer','minimum':3,'exclusiveMinimum':false,'maximum':3,'exclusiveMaximum':false} | 3",
                "{'properties':{'a':{'not':{}},'b':{'type':'null'}},'minProperties':1} | {'b':null}",
                "{'items':[{'const':1}],'additionalItems':false,'minItems':1} | [1]",
            })
    void keywordsOfOneSchemaAreAllMet(String schema, String only) {
        assertThat(values(schema)).containsExactly(json(only));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'array','prefixItems':[false]}",
                "{'type':'array','maxItems':0}",
                "{'type':'object','anyOf':[{'type':'null'},{'required':['a'],'properties':{'a':{'type':'integer'}}}]}",
                "{'type':'string','anyOf':[{'minLength':1,'maxLength':2},{'enum':['abc']}]}",
                "{'type':'object','properties':{'a':{'const':1}},'required':['a'],'anyOf':[{'required':['b']}]}",
                "{'type':'integer','minimum':-9007199254740991,'maximum':9007199254740991}",
                "{'type':'integer','exclusiveMaximum':9223372036854775808}",
                "{'type':'integer','minimum':0,'maximum':18446744073709551615}",
                "{'type':'number','maximum':1.7976931348623157e308}",
                "{'type':'number','minimum':-3.4028234663852886e38,'maximum':3.4028234663852886e38}",
                "{'type':'number','minimum':1e-20}",
                "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':1e-10}",
                "{'type':'number','maximum':-1e-20}",
                "{'type':'integer','minimum':9007199254740993}",
                "{'type':'string','maxLength':1e308}",
                "{'oneOf':[{'type':'string','maxLength':3},{'type':'integer'},{'type':'null'}]}",
                "{'oneOf':[{'type':'object','properties':{'k':{'const':'a'},'x':{'type':'integer'}}},{'type':'object','properties':{'k':{'const':'b'}}}]}",
                "{'type':'object','minProperties':2,'maxProperties':3,'additionalProperties':{'type':'integer'}}",
                "{'properties':{'a':{},'b':{},'c':{'type':'null'}},'required':['b'],'minProperties':2,'maxProperties':2}",
                "{'type':'array','items':{'enum':['a','ab',1,12,null]},'uniqueItems':true,'minItems':2}",
                "{'type':'array','items':{'type':['boolean','null']},'uniqueItems':true}",
                "{'type':'array','items':{'type':'string'},'uniqueItems':true}",
                "{'type':'array','items':{'type':'string','minLength':1,'maxLength':2},'uniqueItems':true,'minItems':3}",
                "{'type':'array','items':{'type':'string','pattern':'^[ab]{1,2}$'},'uniqueItems':true,'minItems':5,'maxItems':6}",
                "{'type':'array','items':{'type':'string','format':'date'},'uniqueItems':true,'minItems':2}",
                "{'type':'array','items':{'type':'integer'},'uniqueItems':true,'minItems':4,'maxItems':7}",
                "{'type':'array','items':{'type':'integer','minimum':-12,'maximum':105},'uniqueItems':true,'minItems':3}",
                "{'type':'array','items':{'type':'integer','exclusiveMinimum':0,'maximum':3},'uniqueItems':true,'minItems':3}",
                "{'type':'array','items':{'type':'number'},'uniqueItems':true,'minItems':2}",
                "{'type':'array','items':{'type':'number','exclusiveMinimum':0},'uniqueItems':true,'minItems':2}",
                "{'type':'array','items':{'anyOf':[{'type':'string','maxLength':1},{'type':'integer'},{'enum':[null,'xy',1.5]}]},'uniqueItems':true,'minItems':3}",
                "{'additionalProperties':{'type':'integer'},'propertyNames':{'pattern':'^[a-z]{2,3}$'}}",
                "{'patternProperties':{'^a':{'type':'integer'},'b$':{'type':'string','maxLength':1}},'additionalProperties':false,'minProperties':1}",
                "{'type':'string','pattern':'^(?!.*ab)(?=.*c)[a-c]{2,6}$'}",
                "{'type':'string','pattern':'^[\\\\w.%+-]+@[\\\\w-]+\\\\.[a-z]{2,}$','maxLength':14}",
                "{'type':'string','pattern':'[\\\"\\\\\\\\\\\\n]','minLength':3}",
                "{'type':'string','pattern':'^[^a-z]{2}é|日$'}",
                "{'type':'integer','multipleOf':2.5}",
                "{'type':'number','multipleOf':1}"
            })
    void whatIsWrittenMeetsTheSchema(String schema) {
        valid(schema);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"date", "time", "date-time", "duration", "uuid", "email", "ipv4", "ipv6", "uri", "hostname"})
    void formatsAreWrittenAsTheValidatorTakesThem(String format) {
        valid("{'type':'string','format':'" + format + "'}");
    }

    /** Keywords that say what a value is for, or ask for nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'format':'int32'",
                "'format':'decimal'",
                "'format':'whatever'",
                "'nullable':true",
                "'nullable':false",
                "'discriminator':{'propertyName':'k'}",
                "'x-order':1",
                "'contentMediaType':'text/plain'",
                "'contentEncoding':'base64'",
                "'contentSchema':{}",
                "'$anchor':'a'",
                "'$vocabulary':{}",
                "'$dynamicAnchor':'n'",
                "'example':1",
                "'markdownDescription':'m'",
                "'uniqueItems':false",
                "'patternProperties':{}",
                "'dependentRequired':{}",
                "'dependentSchemas':{}",
                "'not':false",
                "'if':{'type':'integer'}",
                "'if':{},'then':{}",
                "'then':{'type':'integer'}",
                "'minProperties':0",
                "'propertyNames':{}",
                "'minContains':1",
                "'enumDescriptions':['a']",
                "'strict':true",
                "'title':'t'",
                "'default':[1]",
                "'examples':['x']",
                "'deprecated':true",
                "'readOnly':true",
                "'id':'urn:x'",
                "'$id':'urn:x'",
                "'$schema':'http://json-schema.org/draft-07/schema#'",
                "'externalDocs':{'url':'u'}",
                "'xml':{}",
                "'deprecationMessage':''",
                "'$comment':'c'",
                "'extensions':{}",
                "'errorMessage':'e'",
                "'required':[]",
                "'unevaluatedProperties':true",
                "'oneOf':[{'type':'string'}]",
                "'items':{}",
                "'additionalItems':false",
                "'minLength':0",
                "'multipleOf':2"
            })
    void annotationsAndWhatAsksForNothingChangeNothing(String keyword) {
        JsonGrammar grammar = Walk.grammar(json("{'type':'string'," + keyword + "}"));
        assertThat(Walk.accepts(grammar, "\"any text\"")).isTrue();
        assertThat(Walk.accepts(grammar, "null")).isFalse();
    }

    @Test
    void multipleOfOneAsksForNothingOfIntegers() {
        JsonGrammar grammar = Walk.grammar(json("{'type':'integer','multipleOf':1}"));
        assertThat(Walk.accepts(grammar, "17")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "date | 2024-02-29 | 2023-02-29",
                "date | 1999-12-31 | 2024-13-01",
                "time | 23:59:59.123+02:00 | 24:00:00Z",
                "date-time | 2024-05-06T07:08:09Z | 2024-05-06",
                "uuid | 123e4567-e89b-12d3-a456-426614174000 | 123e4567",
                "email | first.last+tag@mail.example.com | nobody",
                "ipv4 | 192.168.0.255 | 256.1.1.1",
                "ipv6 | 2001:db8::1 | 1::2::3",
                "uri | https://example.com:8080/a/b?c=d&e=%20#f | example.com",
                "hostname | my-host.example.com | -a",
            })
    void formatsAllowTheUsual(String format, String good, String bad) {
        JsonGrammar grammar = Walk.grammar("{\"type\":\"string\",\"format\":\"" + format + "\"}");
        assertThat(Walk.accepts(grammar, '"' + good + '"')).isTrue();
        assertThat(Walk.accepts(grammar, '"' + bad + '"')).isFalse();
    }

    /** Schema of the elements, arrays that are allowed, and arrays that are not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string'} | ['a', 'ab', ''] | ['a','a'] | ['ab','a','ab']",
                "{'type':'string'} | ['日本','日'] | ['日','日'] | ['','']",
                "{'type':'integer'} | [1,12,-1,0] | [1,1] | [12,1,12]",
                "{'type':'integer','minimum':8,'maximum':123} | [8,9,10,99,100,123] | [7] | [124]",
                "{'type':'integer','minimum':-25,'maximum':-3} | [-3,-25,-10] | [-2] | [-26]",
                "{'type':'number'} | [1,1.5,-0.25,10] | [1.5,1.5] | [1,1]",
                "{'type':['integer','string','null']} | [1,'1',null] | [null,null] | [1,'1',1]",
            })
    void elementsThatMustDifferDoAndAllThatDifferCanBeWritten(String items, String good, String bad, String worse) {
        JsonGrammar grammar = Walk.grammar(json("{'type':'array','uniqueItems':true,'items':" + items + "}"));
        assertThat(Walk.accepts(grammar, json(good))).isTrue();
        assertThat(Walk.accepts(grammar, json(bad))).isFalse();
        assertThat(Walk.accepts(grammar, json(worse))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "^\\p{L}+$ | éß日x | a1",
                "^\\p{Letter}$ | Ω | _",
                "^[\\p{Lu}\\p{Nd}_]{3}$ | Ä٣_ | ab_",
                "^\\P{L}$ | 7 | q",
                "^[^\\p{L}]$ | ! | ж",
                "^\\p{Script=Greek}+$ | αβ | ab",
                "^\\p{gc=Sc}$ | € | e",
                "^[\\p{Extended_Pictographic}\\p{Emoji_Component}]+$ | 😀 | x",
            })
    void patternsKnowThePropertiesOfCharacters(String pattern, String good, String bad) {
        JsonGrammar grammar =
                Walk.grammar("{\"type\":\"string\",\"pattern\":\"" + pattern.replace("\\", "\\\\") + "\"}");
        assertThat(Walk.accepts(grammar, '"' + good + '"')).isTrue();
        assertThat(Walk.accepts(grammar, '"' + bad + '"')).isFalse();
    }

    @Test
    void messagesNameTheKeywordsAndTheirValues() {
        assertThatThrownBy(() -> Walk.grammar(json("{'type':'integer','minimum':3,'maximum':1}")))
                .hasMessage("leaves no number: minimum 3, and maximum 1");
        assertThatThrownBy(() -> Walk.grammar(json("{'type':'array','minItems':3,'maxItems':1}")))
                .hasMessage("is 3, and '/maxItems' allows at most 1");
    }
}
