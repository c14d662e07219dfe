package io.shiftadd.registry.hub;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Fetches the files of one revision, those that are needed and those that there are; what is complete stays. */
record HubModel(
        HubProperties properties, HubSource server, HubRepository repository, Path directory, ImportProgress progress) {

    void download() throws IOException, InterruptedException {
        if (!fetch(HubRepository.CONFIG, properties.maxTextSize().toBytes())) {
            throw new HubException(
                    "There is no " + repository.uri(HubRepository.CONFIG) + ". Check repository and revision");
        }
        for (String file : HubRepository.OPTIONAL) {
            fetch(file, properties.maxTextSize().toBytes());
        }
        long left = properties.maxModelSize().toBytes();
        for (String file : weights()) {
            if (!fetch(file, left)) {
                throw new HubException(withoutWeights(file));
            }
            left -= Files.size(directory.resolve(file));
        }
        progress.write();
    }

    private Set<String> weights() throws IOException, InterruptedException {
        return fetch(HubRepository.INDEX, properties.maxTextSize().toBytes())
                ? HubRepository.shards(directory.resolve(HubRepository.INDEX))
                : new TreeSet<>(Set.of(HubRepository.WEIGHTS));
    }

    private String withoutWeights(String file) throws IOException {
        String missing = "There is no " + repository.uri(file);
        for (String pickle : HubRepository.PICKLES) {
            try (HubAnswer answer = server.open("HEAD", repository.uri(pickle), null)) {
                if (answer.status() == HttpURLConnection.HTTP_OK) {
                    return missing + ", but there is " + pickle
                            + ". Pickled weights can run code when they are loaded, so they never are. Convert them:"
                            + " python -c \"from transformers import AutoModelForCausalLM as M; M.from_pretrained('"
                            + repository.repository()
                            + "').save_pretrained('converted', safe_serialization=True)\", copy the tokenizer's files"
                            + " beside them and import that directory";
                }
            }
        }
        return missing + ". Only models with safetensors weights can be imported";
    }

    /** Returns whether there is such a file. */
    private boolean fetch(String file, long limit) throws IOException, InterruptedException {
        Path target = directory.resolve(file);
        progress.enter(file);
        if (Files.exists(target)) {
            progress.begun(Files.size(target), Files.size(target));
            return true;
        }
        HubDownload download = new HubDownload(server, repository.uri(file), target, limit);
        return properties.patience().at(() -> download.fetch(progress));
    }
}
