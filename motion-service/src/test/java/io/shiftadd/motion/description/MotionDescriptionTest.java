package io.shiftadd.motion.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.motion.task.Task;
import io.shiftadd.motion.task.Tasks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MotionDescriptionTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String STANDING = """
            {"torso":{"height":0.3,"pitch_degrees":0,"roll_degrees":0},"facing":{"direction":"east"},\
            "moving":{"to":[0.0,0.0]},"feet":{}}""";

    @Test
    void isWrittenAsTheTasksHaveIt() {
        for (Task task : Tasks.of(RobotKind.QUADRUPED)) {
            assertThat(task.description().toJson().toString())
                    .isEqualTo(task.descriptionJson().toString());
        }
    }

    @Test
    void whatTheArmDoesIsWrittenAsTheTasksHaveIt() {
        for (Task task : Tasks.of(RobotKind.ARM)) {
            assertThat(task.description().toJson().toString())
                    .isEqualTo(task.descriptionJson().toString());
        }
        assertThatThrownBy(() -> ArmDescription.read(JSON.readTree("{\"lift_cube\":3}")))
                .hasMessageContaining("lift_cube is 3")
                .hasMessageContaining("0.03 to 0.4 metres");
        assertThatThrownBy(() -> ArmDescription.read(JSON.readTree("{\"dance\":1}")))
                .hasMessageContaining("{touch} or {lift_cube}");
        assertThatThrownBy(() -> ArmDescription.read(JSON.readTree("{\"touch\":\"cube\",\"open_drawer\":1}")))
                .hasMessageContaining("open_drawer is not a field of it");
    }

    @Test
    void theOrderOfFeetAndTheSignOfZeroDoNotMatter() {
        MotionDescription one =
                read(STANDING.replace("{}", "{\"front_left\":{\"lift\":0.1},\"rear_left\":{\"lift\":0.2}}"));
        MotionDescription other =
                read(STANDING.replace("{}", "{\"rear_left\":{\"lift\":0.2},\"front_left\":{\"lift\":0.1}}")
                        .replace("\"pitch_degrees\":0", "\"pitch_degrees\":-0.0"));
        assertThat(other).isEqualTo(one).hasSameHashCodeAs(one);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"height\":0.3      | \"height\":5           | torso.height        | 0.05 to 0.65 metres",
                "\"height\":0.3      | \"height\":\"low\"     | torso.height        | 0.05 to 0.65 metres",
                "\"height\":0.3,     |                        | torso.height        | 0.05 to 0.65 metres",
                "\"east\"            | \"up\"                 | facing.direction    | east, northeast",
                "{\"direction\":\"east\"} | {\"turn_degrees_per_second\":1e9} | facing.turn_degrees_per_second | -180 to 180",
                "{\"direction\":\"east\"} | {}                | facing              | {direction} or {turn_degrees_per_second}",
                "[0.0,0.0]           | [0.0]                  | moving.to           | 2 numbers",
                "[0.0,0.0]           | [0.0,11]               | moving.to[1]        | -10 to 10 metres",
                "{\"to\":[0.0,0.0]}  | {\"forward\":1}        | moving.sideways     | -1 to 1",
                "\"feet\":{}         | \"feet\":{\"tail\":{\"lift\":0.1}} | feet.tail | front_left, front_right",
                "\"feet\":{}         | \"feet\":[]            | feet                | an object",
                "\"feet\":{}         | \"feet\":{\"rear_left\":{\"lift\":0.5}} | feet.rear_left.lift | 0 to 0.4 metres",
                "\"feet\":{}         | \"feet\":{},\"speed\":1 | speed              | torso, facing, moving, feet",
            })
    void namesWhatIsWrongAndWhatIsAllowed(String part, String instead, String field, String limit) {
        String json = STANDING.replace(part, instead == null ? "" : instead);
        assertThatThrownBy(() -> read(json)).isInstanceOfSatisfying(InvalidDescriptionException.class, invalid -> {
            assertThat(invalid.faults())
                    .extracting(InvalidDescriptionException.Fault::field)
                    .contains(field);
            assertThat(invalid.reason()).contains(limit);
        });
    }

    @Test
    void namesEveryMistakeAtOnce() {
        String json = STANDING.replace("0.3", "9").replace("east", "left").replace("[0.0,0.0]", "true");
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        InvalidDescriptionException.class,
                        invalid -> assertThat(invalid.faults())
                                .extracting(InvalidDescriptionException.Fault::field)
                                .containsExactly("torso.height", "facing.direction", "moving.to"));
    }

    @Test
    void keepsAFootOnTheGroundUnlessRolledOver() {
        String all = "{\"front_left\":{\"lift\":0.1},\"front_right\":{\"lift\":0.1},\"rear_left\":{\"lift\":0.1},"
                + "\"rear_right\":{\"lift\":0.1}}";
        String hind = "{\"rear_left\":{\"lift\":0.1},\"rear_right\":{\"lift\":0.1}}";
        assertThatThrownBy(() -> read(STANDING.replace("{}", all))).hasMessageContaining("on the ground");
        assertThatThrownBy(
                        () -> read(STANDING.replace("{}", hind).replace("\"pitch_degrees\":0", "\"pitch_degrees\":80")))
                .hasMessageContaining("hind foot");
        assertThat(read(STANDING.replace("{}", all).replace("\"roll_degrees\":0", "\"roll_degrees\":180"))
                        .feet())
                .hasSize(4);
        assertThat(read(STANDING.replace("{}", hind)).feet()).hasSize(2);
    }

    @Test
    void theSchemaHasTheRecordsFieldsRangesAndChoices() {
        JsonNode schema = MotionDescription.schema();
        assertThat(schema.get("required"))
                .extracting(JsonNode::stringValue)
                .containsExactly("torso", "facing", "moving", "feet");
        assertThat(schema.at("/properties/torso/properties/height/maximum").decimalValue())
                .isEqualByComparingTo("0.65");
        assertThat(schema.at("/properties/facing/anyOf").size()).isEqualTo(2);
        assertThat(schema.at("/properties/moving/anyOf/0/properties/to/minItems")
                        .intValue())
                .isEqualTo(2);
        JsonNode feet = schema.at("/properties/feet/patternProperties");
        assertThat(feet.propertyNames()).containsExactly("^(front_left|front_right|rear_left|rear_right)$");
        assertThat(feet.iterator().next().at("/anyOf/1/properties/step/properties"))
                .hasSize(5);
        assertThat(schema.at("/properties/feet/additionalProperties").booleanValue())
                .isFalse();
    }

    @Test
    void headingsRunCounterClockwiseFromTheEast() {
        assertThat(List.of(Compass.values()).stream()
                        .map(Compass::heading)
                        .map(Math::toDegrees)
                        .toList())
                .containsExactly(0.0, 45.0, 90.0, 135.0, 180.0, -135.0, -90.0, -45.0);
    }

    private static MotionDescription read(String json) {
        return MotionDescription.read(JSON.readTree(json));
    }
}
