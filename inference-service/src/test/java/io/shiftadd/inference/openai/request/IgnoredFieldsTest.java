package io.shiftadd.inference.openai.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.inference.openai.error.ApiException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class IgnoredFieldsTest {

    private static final Set<String> KNOWN = Set.of("temperature", "role", "content");

    private final IgnoredFields ignored = new IgnoredFields();

    private void read(ObjectNode object, String where) {
        assertThat(new Fields(object, where, KNOWN, ignored).has("nothing")).isFalse();
    }

    private static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    @Test
    void aMisspelledFieldIsNamedBesideWhatWasMeant() {
        assertThat(ignored.meant("temprature", KNOWN)).isEqualTo("temperature");
        assertThat(ignored.meant("x_trace", KNOWN)).isNull();
    }

    @Test
    void theSameUnknownFieldsInEveryMessageOfALongConversationAreIgnored() {
        for (int i = 0; i < 4_096; i++) {
            read(object().put("role", "user").put("id", i).put("created_by", "x"), "messages[" + i + "]");
        }
        assertThat(ignored.meant("id", KNOWN)).isNull();
    }

    @Test
    void moreUnknownNamesThanAnybodyNeedsAreRefusedByName() {
        ObjectNode object = object();
        for (int i = 0; i < 1_001; i++) {
            object.put("unknown_" + i, 1);
        }
        assertThatThrownBy(() -> read(object, ""))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("'unknown_1000' is one of more than 1000 names of fields")
                .hasMessageContaining("leave them out");
    }
}
