package superweight.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import superweight.InvalidInputException;

/**
 * Models under the names that they have on the Hugging Face hub, in the cache that its client keeps:
 * {@code models--Qwen--Qwen3-0.6B/snapshots/<commit>}, where {@code refs/main} holds the commit.
 *
 * <p>Nothing is ever downloaded. {@code environment/hub.py} reads the cache alike, before set-up.
 *
 * @param folder the cache
 */
record HubCache(Path folder) {
    private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*/\\w[\\w.-]*");
    private static final Pattern NO_NAME = Pattern.compile(".*(--|\\.\\.|\\.gguf$|\\.safetensors$).*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]+");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+|\\{[^}]*\\})");
    private static final List<String> WEIGHTS = List.of(ShardIndex.SINGLE, ShardIndex.INDEX);
    private static final int LONGEST_REFERENCE = 256;

    /**
     * The cache as the client finds it.
     *
     * @param environment a process' variables: {@code HF_HUB_CACHE} or, as it was called, {@code
     *     HUGGINGFACE_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, those that they mention, and {@code HOME},
     *     which need not be what Java takes for it; one that is blank counts as absent
     * @param userHome where that is not set
     */
    static HubCache of(Map<String, String> environment, Path userHome) {
        String home = set(environment, "HOME").orElse(userHome.toString());
        String caches = set(environment, "XDG_CACHE_HOME").orElse(home + "/.cache");
        String own = set(environment, "HF_HOME").orElse(caches + "/huggingface");
        String hub = set(environment, "HF_HUB_CACHE")
                .or(() -> set(environment, "HUGGINGFACE_HUB_CACHE"))
                .orElseGet(() -> expanded(own, environment, home) + "/hub");
        return new HubCache(Path.of(expanded(hub, environment, home)));
    }

    private static Optional<String> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** A path as Python's {@code expanduser} and then {@code expandvars} have it: what is not set stays as it is. */
    private static String expanded(String path, Map<String, String> environment, String home) {
        String absolute = path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path;
        return VARIABLE.matcher(absolute).replaceAll(mention -> Matcher.quoteReplacement(
                environment.getOrDefault(mention.group().replaceAll("^\\$\\{?|}$", ""), mention.group())));
    }

    /** Whether this could be a model's name on the hub: {@code Qwen/Qwen3-0.6B}. */
    static boolean isName(String model) {
        return NAME.matcher(model).matches() && !NO_NAME.matcher(model).matches();
    }

    /**
     * The folder of a model's newest downloaded version.
     *
     * @param name as {@link #isName} has it
     * @throws InvalidInputException if it is not there as a whole, with the command that fetches it, or in GGUF alone
     */
    Path snapshot(String name) {
        Path repository = folder.resolve("models--" + name.replace("/", "--"));
        if (!Files.isDirectory(repository)) {
            throw new InvalidInputException("There is no model file or folder at " + name + ", and no model of that"
                    + " name in the hub's cache, " + folder + "; hf download " + name + " fetches it.");
        }
        Path snapshots = repository.resolve("snapshots");
        Path snapshot = snapshots.resolve(commit(repository, name));
        if (!Files.isDirectory(snapshot)) {
            throw incomplete(repository, name, "snapshots/" + snapshot.getFileName());
        }
        refuseGguf(snapshot, name);
        require(snapshot, name, List.of(ConfigJson.FILE));
        require(snapshot, name, List.of(TokenizerJson.FILE));
        require(snapshot, name, WEIGHTS);
        if (!Files.exists(snapshot.resolve(ShardIndex.SINGLE))) {
            new ModelFolder(snapshot).find(ShardIndex.INDEX).map(ShardIndex::files).orElse(Set.of())
                    .forEach(shard -> require(snapshot, name, List.of(shard)));
        }
        return snapshot;
    }

    /** Such a repository has a file for each of many quantizations, and its name does not say which is meant. */
    private static void refuseGguf(Path snapshot, String name) {
        try (Stream<Path> files = Files.list(snapshot)) {
            Optional<Path> gguf = files.filter(file -> file.toString().endsWith(".gguf") && Files.exists(file)).sorted()
                    .findFirst();
            if (gguf.isPresent() && !hasAny(snapshot, WEIGHTS)) {
                throw new InvalidInputException("The hub's cache has the model " + name + " in GGUF alone, and no"
                        + " safetensors folder; a .gguf file is given by its path, such as " + gguf.get() + ".");
            }
        } catch (IOException e) {
            throw Refusal.unreadable(snapshot, e);
        }
    }

    private static boolean hasAny(Path snapshot, List<String> files) {
        return files.stream().map(snapshot::resolve).anyMatch(Files::exists);
    }

    private static String commit(Path repository, String name) {
        Path reference = repository.resolve("refs/main");
        if (!Files.isRegularFile(reference)) {
            throw incomplete(repository, name, "refs/main");
        }
        byte[] bytes = ModelFolder.bytes(reference, LONGEST_REFERENCE);
        String commit = new String(bytes, StandardCharsets.US_ASCII).strip();
        if (!COMMIT.matcher(commit).matches()) { // nor can it be a way to another folder
            throw Refusal.of(reference, "the commit", "a hexadecimal number", "\"" + commit + "\"");
        }
        return commit;
    }

    private static void require(Path snapshot, String name, List<String> alternatives) {
        if (!hasAny(snapshot, alternatives)) {
            throw incomplete(snapshot, name, Refusal.shown(String.join(" and ", alternatives)));
        }
    }

    private static InvalidInputException incomplete(Path where, String name, String lacking) {
        return new InvalidInputException("The model " + name + " is not in the hub's cache as a whole, since " + where
                + " lacks " + lacking + "; hf download " + name + " fetches what is missing.");
    }
}
