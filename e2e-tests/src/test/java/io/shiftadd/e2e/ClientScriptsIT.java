package io.shiftadd.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Programs with OpenAI's clients for Python and Node, Anthropic's and LangChain's for Python, against the running
 * platform; where these are not installed, the tests are skipped.
 */
class ClientScriptsIT {

    @BeforeAll
    static void start() {
        assumeTrue(
                Files.isDirectory(ClientPrograms.INSTALLED),
                "no clients are installed in " + ClientPrograms.INSTALLED + "; .ci/run installs them");
        new Registry(Platform.get()).importSample("llama-mini");
    }

    private static void python(String script, String client) throws IOException, InterruptedException {
        Path python = ClientPrograms.python("python", client);
        Path scripts = ClientPrograms.SCRIPTS;
        ClientPrograms.run(
                scripts, Map.of(), python.toString(), scripts.resolve(script).toString());
    }

    @Test
    void openAiForPythonIsServed() throws IOException, InterruptedException {
        python("openai_python.py", "openai");
    }

    @Test
    void anthropicForPythonIsServed() throws IOException, InterruptedException {
        python("anthropic_python.py", "anthropic");
    }

    @Test
    void langChainForPythonIsServed() throws IOException, InterruptedException {
        python("langchain_python.py", "langchain_openai");
    }

    @Test
    void openAiForNodeIsServed() throws IOException, InterruptedException {
        Path node = ClientPrograms.INSTALLED.resolve("node");
        assumeTrue(Files.isDirectory(node.resolve("node_modules/openai")), "there is no client openai in " + node);
        ClientPrograms.run(
                node,
                Map.of(),
                "node",
                ClientPrograms.SCRIPTS.resolve("openai_node.mjs").toString());
    }
}
