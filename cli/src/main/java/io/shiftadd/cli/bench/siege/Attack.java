package io.shiftadd.cli.bench.siege;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A way to take more than one's share. Each is repeated as long as the siege lasts; what it gets back is of no
 * matter.
 */
enum Attack {
    LARGE_TEXTS {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            String text = (random.nextBoolean() ? "a" : "lorem ipsum ")
                    .repeat(4_000_000)
                    .substring(0, 4_000_000);
            target.post(target.inference(), "/tokenize", Map.of("model", target.model(), "prompt", text));
        }
    },
    UNREAD_ANSWERS {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            byte[] body = Target.json(
                    Map.of("model", target.model(), "prompt", "a".repeat(1_000_000), "return_token_strs", true));
            try (Socket socket = target.connect()) {
                target.send(socket, "/tokenize", body, body.length);
                Thread.sleep(4_000);
            }
        }
    },
    UNREAD_STREAMS {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            byte[] body = Target.json(Map.of(
                    "model",
                    target.model(),
                    "prompt",
                    "Once",
                    "n",
                    64,
                    "max_tokens",
                    400,
                    "stream",
                    true,
                    "logprobs",
                    5));
            try (Socket socket = target.connect()) {
                target.send(socket, "/v1/completions", body, body.length);
                Thread.sleep(6_000);
            }
        }
    },
    BROKEN_STREAMS {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException {
            byte[] body =
                    Target.json(Map.of("model", target.model(), "prompt", "Once", "max_tokens", 200, "stream", true));
            try (Socket socket = target.connect()) {
                target.send(socket, "/v1/completions", body, body.length);
                InputStream in = socket.getInputStream();
                if (random.nextBoolean() && in.read(new byte[300]) < 0) {
                    return;
                }
                socket.setSoLinger(true, 0);
            }
        }
    },
    SCHEMAS {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            Map<String, Object> schema = random.nextBoolean() ? ladder(20 + random.nextInt(30)) : arrays(20);
            target.post(
                    target.inference(),
                    "/v1/chat/completions",
                    Map.of(
                            "model",
                            target.model(),
                            "max_tokens",
                            20,
                            "messages",
                            List.of(Map.of("role", "user", "content", "x")),
                            "response_format",
                            Map.of("type", "json_schema", "json_schema", Map.of("name", "a", "schema", schema))));
        }
    },
    DRIPPING_BODIES {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            try (Socket socket = target.connect()) {
                target.send(socket, "/v1/completions", new byte[] {'{'}, 100_000);
                for (int i = 0; i < 20; i++) {
                    Thread.sleep(300);
                    socket.getOutputStream().write(' ');
                }
            }
        }
    },
    IDLE_CONNECTIONS {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 100; i++) {
                    sockets.add(target.connect());
                }
                Thread.sleep(3_000);
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    },
    BAD_BODIES {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            String model = "{\"model\":\"" + target.model() + "\",\"prompt\":";
            List<String> bodies = List.of(
                    "[".repeat(5_000),
                    model + "\"\\ud800\"}",
                    model + "\"a\",\"max_tokens\":1e400}",
                    model + "\"" + "x".repeat(200_000) + "\"}",
                    model + "[" + "[1],".repeat(5_000) + "[1]]}",
                    "\u0000",
                    model);
            target.post(target.inference(), "/v1/completions", bodies.get(random.nextInt(bodies.size())));
        }
    },
    WIDE_REQUESTS {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            Map<String, Integer> bias = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                bias.put(String.valueOf(i), -100);
            }
            List<String> prompts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                prompts.add(i + " " + "word ".repeat(random.nextInt(1, 40)));
            }
            target.post(
                    target.inference(),
                    "/v1/completions",
                    Map.of("model", target.model(), "prompt", prompts, "max_tokens", 4, "logit_bias", bias));
        }
    },
    REGISTRY {
        @Override
        void strike(Target target, SplittableRandom random) throws IOException, InterruptedException {
            String name = "siege-" + random.nextInt(1 << 30);
            target.post(target.registry(), "/api/v1/models", "{\"name\":\"a\\u0000\",\"path\":\"/proc/self/mem\"}");
            target.post(target.registry(), "/api/v1/models", "{\"name\":\"" + name + "\",\"path\":\"../../..\"}");
            target.get(target.registry(), "/api/v1/models?size=200&sort=name,desc");
            target.get(target.registry(), "/api/v1/models?name=%00&name=%ff");
            target.delete(target.registry(), "/api/v1/models/" + name);
        }
    };

    /** Does it once. */
    abstract void strike(Target target, SplittableRandom random) throws IOException, InterruptedException;

    /** Definitions that each allow the next in two ways. */
    private static Map<String, Object> ladder(int levels) {
        Map<String, Object> definitions = new HashMap<>();
        for (int i = 0; i < levels; i++) {
            Map<String, String> next = Map.of("$ref", "#/$defs/a" + (i + 1));
            definitions.put("a" + i, Map.of("anyOf", List.of(next, next)));
        }
        definitions.put("a" + levels, Map.of("type", "integer"));
        return Map.of("$defs", definitions, "$ref", "#/$defs/a0");
    }

    /** Arrays of themselves that differ by what no beginning shows. */
    private static Map<String, Object> arrays(int count) {
        List<Object> ways = new ArrayList<>(List.of(Map.of("type", "integer")));
        for (int i = 0; i < count; i++) {
            ways.add(Map.of("type", "array", "items", Map.of("$ref", "#/$defs/x"), "maxItems", 100 + i));
        }
        return Map.of("$defs", Map.of("x", Map.of("anyOf", ways)), "$ref", "#/$defs/x");
    }
}
