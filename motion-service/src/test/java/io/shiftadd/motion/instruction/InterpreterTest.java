package io.shiftadd.motion.instruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.motion.ScriptedLanguageModel;
import io.shiftadd.motion.description.ArmDescription;
import io.shiftadd.motion.description.Description;
import io.shiftadd.motion.description.MotionDescription;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.task.Tasks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class InterpreterTest {

    private static final Description PAW = Tasks.named("paw").description();

    private final ScriptedLanguageModel model = new ScriptedLanguageModel();

    @AfterEach
    void stop() {
        model.close();
    }

    private Interpreter interpreter(String name, int history) {
        return new Interpreter(new LanguageModelSettings(
                URI.create(model.url()), "", name, LanguageModelSettings.Prompt.AUTO, history, Duration.ofSeconds(10)));
    }

    @Test
    void asksForTheSchemaAtTemperatureZero() throws InterruptedException {
        model.says(PAW.toJson().toString());
        assertThat(interpreter("motion-mini", 4).interpret(RobotKind.QUADRUPED, "Give me your paw", List.of()))
                .isEqualTo(new Understood.Meaning(PAW));
        assertThat(model.asked().get("temperature").doubleValue()).isZero();
        assertThat(model.asked().at("/response_format/json_schema/schema"))
                .isEqualTo(reread(MotionDescription.schema()));
        assertThat(model.asked().get("messages")).hasSize(1);
    }

    @Test
    void tellsTurnsBeforeAsMessagesAtMostSoMany() throws InterruptedException {
        model.says(PAW.toJson().toString());
        interpreter("motion-mini-b2", 2).interpret(RobotKind.QUADRUPED, "higher", before("a", "b", "c"));
        assertThat(contents())
                .containsExactly("b", PAW.toJson().toString(), "c", PAW.toJson().toString(), "higher");
    }

    @Test
    void leavesOutTheOldestTurnsWhenTheContextIsFull() throws InterruptedException {
        model.refuses(400, "context_length_exceeded", "too long");
        model.refuses(400, "context_length_exceeded", "too long");
        model.says(PAW.toJson().toString());
        assertThat(interpreter("motion-mini", 4).interpret(RobotKind.QUADRUPED, "higher", before("a", "b", "c")))
                .isInstanceOf(Understood.Meaning.class);
        assertThat(contents()).containsExactly("c", PAW.toJson().toString(), "higher");
    }

    /** motion-mini was trained on the quadruped's descriptions alone. */
    @Test
    void explainsTheArmToEveryModelUnderASchemaOfItsOwn() throws InterruptedException {
        model.says("{\"lift_cube\":0.2}");
        assertThat(interpreter("motion-mini", 4).interpret(RobotKind.ARM, "Pick up the cube", List.of()))
                .isEqualTo(new Understood.Meaning(new ArmDescription.Lift(0.2)));
        assertThat(model.asked().at("/messages/0/content").stringValue()).contains("lift_cube");
        assertThat(model.asked()
                        .at("/response_format/json_schema/schema/anyOf/1/properties/lift_cube/maximum")
                        .doubleValue())
                .isEqualTo(0.4);
        model.says(PAW.toJson().toString());
        assertThat(interpreter("motion-mini", 4).interpret(RobotKind.ARM, "Paw", List.of()))
                .isInstanceOf(Understood.Nonsense.class);
    }

    @Test
    void explainsDescriptionsToGeneralModels() throws InterruptedException {
        model.says(PAW.toJson().toString());
        interpreter("qwen3", 4).interpret(RobotKind.QUADRUPED, "Give me your paw", List.of());
        assertThat(model.asked().at("/messages/0/role").stringValue()).isEqualTo("system");
        assertThat(model.asked().at("/messages/0/content").stringValue()).contains("front_right");
    }

    @Test
    void saysWhatIsWrongWithAnAnswerOutOfRange() throws InterruptedException {
        model.says(PAW.toJson().toString().replace("0.12", "3"));
        assertThat(interpreter("motion-mini", 4).interpret(RobotKind.QUADRUPED, "Lift it 3 m", List.of()))
                .isInstanceOfSatisfying(
                        Understood.Nonsense.class,
                        nonsense -> assertThat(nonsense.problem())
                                .contains("feet.front_right.lift is 3", "0 to 0.4 metres"));
    }

    @Test
    void takesTextThatIsNoJsonForNonsense() throws InterruptedException {
        model.says("I would love to!");
        assertThat(interpreter("motion-mini", 4).interpret(RobotKind.QUADRUPED, "Dance", List.of()))
                .isInstanceOf(Understood.Nonsense.class);
    }

    @Test
    void tellsWhyThereIsNoAnswer() {
        model.refuses(404, "model_not_found", "There is no model 'motion-mini'");
        assertThatThrownBy(() -> interpreter("motion-mini", 4).interpret(RobotKind.QUADRUPED, "Sit", List.of()))
                .isInstanceOf(LanguageModelException.class)
                .hasMessageContaining("404")
                .hasMessageContaining("There is no model");
        model.close();
        assertThatThrownBy(() -> interpreter("motion-mini", 4).interpret(RobotKind.QUADRUPED, "Sit", List.of()))
                .isInstanceOf(LanguageModelException.class)
                .hasMessageContaining("Start the inference-service");
    }

    @Test
    void theExamplesOfTheExplanationAreDescriptions() throws InterruptedException {
        model.says(PAW.toJson().toString());
        interpreter("qwen3", 4).interpret(RobotKind.QUADRUPED, "Give me your paw", List.of());
        List<String> examples = model.asked()
                .at("/messages/0/content")
                .stringValue()
                .lines()
                .filter(line -> line.contains("{\"torso\""))
                .map(line -> line.substring(line.indexOf("{\"torso\"")))
                .toList();
        assertThat(examples)
                .hasSizeGreaterThan(4)
                .allSatisfy(example -> assertThat(MotionDescription.read(tools.jackson.databind.json.JsonMapper.shared()
                                        .readTree(example))
                                .toJson()
                                .toString())
                        .isEqualTo(example));
    }

    private static JsonNode reread(JsonNode json) {
        return tools.jackson.databind.json.JsonMapper.shared().readTree(json.toString());
    }

    private List<String> contents() {
        List<String> contents = new ArrayList<>();
        model.asked()
                .get("messages")
                .forEach(message -> contents.add(message.get("content").stringValue()));
        return Collections.unmodifiableList(contents);
    }

    private static List<Interpreter.Before> before(String... texts) {
        return List.of(texts).stream()
                .map(text -> new Interpreter.Before(text, PAW))
                .toList();
    }
}
