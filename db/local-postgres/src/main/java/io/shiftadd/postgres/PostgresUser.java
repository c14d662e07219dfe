package io.shiftadd.postgres;

import java.io.IOException;
import java.util.List;

/** As whom the server runs: it refuses to run as root, and then gets a user namespace in which it is nobody. */
final class PostgresUser {

    private static final List<String> NAMESPACE = List.of("unshare", "--user");

    private PostgresUser() {}

    /** What to put before a command of the server. */
    static List<String> prefix() throws IOException, InterruptedException {
        if (!"0".equals(output("id", "-u"))) {
            return List.of();
        }
        String uidInside;
        try {
            uidInside = output("unshare", "--user", "id", "-u");
        } catch (IOException noSuchProgram) {
            uidInside = "";
        }
        if (uidInside.isEmpty() || uidInside.equals("0")) {
            throw new PostgresException(
                    "PostgreSQL refuses to run as root, and this machine allows no user namespace (tried: unshare --user). "
                            + "Run as an ordinary user, or point SPRING_DATASOURCE_URL to a server of your own");
        }
        return NAMESPACE;
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? text.strip() : "";
    }
}
