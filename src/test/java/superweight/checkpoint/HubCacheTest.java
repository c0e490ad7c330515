package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;

/** A cache as the hub's client lays it out: a snapshot's files are links to blobs. */
class HubCacheTest {
    private static final String NAME = "Org/tiny-0.6B";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String OLDER = "fedcba9876543210fedcba9876543210fedcba98";

    @TempDir
    private Path home;

    private Path repository;
    private Path snapshot;

    @BeforeEach
    void downloads() throws IOException {
        repository = home.resolve("cache/models--Org--tiny-0.6B");
        snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
        Files.createDirectories(repository.resolve("snapshots").resolve(OLDER));
        Path blobs = new TinyFolder().writeTo(repository.resolve("blobs"));
        try (Stream<Path> files = Files.list(blobs)) {
            for (Path blob : files.toList()) {
                Path link = Path.of("../../blobs").resolve(blob.getFileName());
                Files.createSymbolicLink(snapshot.resolve(blob.getFileName()), link);
            }
        }
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), COMMIT);
    }

    @Test
    void aModelIsOpenedByItsNameAtTheCommitThatMainIsAt() {
        Checkpoint checkpoint = open(NAME);
        assertEquals(snapshot, checkpoint.path());
        assertEquals(2, checkpoint.config().numHiddenLayers());
    }

    /** As huggingface_hub 2.4 lays large files out: {@code <cache>/blobs/<2 hexadecimal digits>/<hash>}. */
    @Test
    void aBlobMayItselfBeALinkToTheStoreThatAllModelsOfACacheShare() throws IOException {
        share("blobs/3b/3b95", "../../blobs/3b/3b95");
        assertEquals(2, open(NAME).config().numHiddenLayers());
    }

    @Test
    void aBlobThatIsALinkToAnythingElseIsRefused() throws IOException {
        share("other/3b95", "../../other/3b95");
        assertTrue(refusal(NAME).contains("model.safetensors should be a file inside the folder, but is a link that"
                + " leaves it, to "), refusal(NAME));
    }

    /** Only a model of a cache has a store of the cache beside it. */
    @Test
    void aBlobOfAFolderThatIsNoModelOfACacheIsRefusedWhereItIsShared() throws IOException {
        share("blobs/3b/3b95", "../../blobs/3b/3b95");
        Path copy = Files.move(repository, home.resolve("cache/copy")).resolve("snapshots").resolve(COMMIT);
        String message = assertThrows(InvalidInputException.class, () -> Checkpoints.open(copy)).getMessage();
        assertTrue(message.contains("a link that leaves it"), message);
    }

    /** Relative to where the process runs, as every path is; this one is of the checkout itself. */
    @Test
    void aFolderThatExistsWins() throws IOException {
        String name = "src/main";
        Files.createDirectories(home.resolve("cache"));
        Files.move(repository, home.resolve("cache/models--src--main"));
        assertTrue(HubCache.isName(name));
        assertTrue(Files.isDirectory(Path.of(name)), "the tests run in the checkout");
        String message = assertThrows(InvalidInputException.class, () -> open(name)).getMessage();
        assertTrue(message.startsWith("src/main is a folder without"), message);
    }

    @Test
    void aModelThatIsNotThereIsRefusedWithTheCommandThatFetchesIt() {
        assertEquals("There is no model file or folder at Qwen/Qwen3-0.6B, and no model of that name in the hub's"
                + " cache, " + home.resolve("cache") + "; hf download Qwen/Qwen3-0.6B fetches it.",
                refusal("Qwen/Qwen3-0.6B"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/main", "blobs/config.json", "blobs/tokenizer.json", "blobs/model.safetensors"})
    void whatIsIncompleteIsRefusedWithTheCommandThatCompletesIt(String file) throws IOException {
        Files.delete(repository.resolve(file));
        assertIncomplete(file.substring(file.indexOf('/') + 1).replace("main", "refs/main"));
    }

    /** A download that was interrupted, or a blob that was deleted by hand. */
    @ParameterizedTest
    @ValueSource(strings = {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"})
    void aModelThatLacksAShardIsIncomplete(String missing) throws IOException {
        Path second = repository.resolve("blobs/second");
        Files.delete(snapshot.resolve("model.safetensors"));
        Files.createSymbolicLink(snapshot.resolve("model-00001-of-00002.safetensors"),
                Path.of("../../blobs/model.safetensors"));
        Files.createSymbolicLink(snapshot.resolve("model-00002-of-00002.safetensors"), Path.of("../../blobs/second"));
        Files.writeString(snapshot.resolve("model.safetensors.index.json"), "{\"weight_map\":{"
                + "\"b\":\"model-00002-of-00002.safetensors\",\"a\":\"model-00001-of-00002.safetensors\"}}");
        Files.writeString(second, "");
        assertTrue(refusal(NAME).contains("its header's length"), "all are there: " + refusal(NAME));
        Files.delete(snapshot.resolve(missing).toRealPath());
        assertIncomplete(missing);
        Files.delete(snapshot.resolve(missing));
        assertIncomplete(missing);
    }

    @Test
    void aModelInGgufAloneIsRefusedWithThePathToGive() throws IOException {
        Files.writeString(snapshot.resolve("tiny-q4.gguf"), "GGUF");
        Files.writeString(snapshot.resolve("tiny-bf16.gguf"), "GGUF");
        assertEquals(2, open(NAME).config().numHiddenLayers(), "there are weights in safetensors, too");
        for (String file : new String[] {"model.safetensors", "config.json"}) {
            Files.delete(snapshot.resolve(file));
            assertEquals("The hub's cache has the model " + NAME + " in GGUF alone, and no safetensors folder; a .gguf"
                    + " file is given by its path, such as " + snapshot.resolve("tiny-bf16.gguf") + ".", refusal(NAME));
        }
    }

    @Test
    void aReferenceToASnapshotThatIsNotThereIsIncomplete() throws IOException {
        Files.move(snapshot, home.resolve("elsewhere"));
        assertIncomplete("snapshots/" + COMMIT);
    }

    /** A cache that somebody gave away must not lead to other folders. */
    @ParameterizedTest
    @ValueSource(strings = {"../blobs", "", "/etc", "main"})
    void aReferenceThatIsNoCommitIsRefused(String commit) throws IOException {
        Files.writeString(repository.resolve("refs/main"), commit);
        assertEquals("In " + repository.resolve("refs/main") + ", the commit should be a hexadecimal number, but is \""
                + commit + "\".", refusal(NAME));
    }

    @ParameterizedTest
    @CsvSource({"Qwen/Qwen3-0.6B, true", "huggyllama/llama-7b, true", "a_b/c.d-e, true", "model, false",
        "a/b/c, false", "./model, false", "../model, false", "/a/b, false", "a/b.gguf, false", "a/b.safetensors, false",
        "a/, false", "/b, false", "a/b--c, false", "a/b..c, false", "~/model, false", "C:/model, false"})
    void aNameIsTheOwnersAndTheModels(String text, boolean expected) {
        assertEquals(expected, HubCache.isName(text));
    }

    @Test
    void theCacheIsWhereTheClientKeepsIt() {
        Path user = Path.of("/home/user");
        assertEquals(user.resolve(".cache/huggingface/hub"), HubCache.of(Map.of(), user).folder());
        assertEquals(user.resolve(".cache/huggingface/hub"),
                HubCache.of(Map.of("HF_HOME", "", "HF_HUB_CACHE", " "), user).folder());
        assertEquals(Path.of("/other/.cache/huggingface/hub"), HubCache.of(Map.of("HOME", "/other"), user).folder());
        assertEquals(Path.of("/c/huggingface/hub"), HubCache.of(Map.of("XDG_CACHE_HOME", "/c"), user).folder());
        assertEquals(Path.of("/h/hub"), HubCache.of(Map.of("HF_HOME", "/h", "XDG_CACHE_HOME", "/c"), user).folder());
        assertEquals(user.resolve("hf/hub"), HubCache.of(Map.of("HF_HOME", "~/hf"), user).folder());
        assertEquals(Path.of("/hub"), HubCache.of(Map.of("HF_HUB_CACHE", "/hub", "HF_HOME", "/h"), user).folder());
    }

    /** As its {@code constants.py} reads them: the older name counts too, and each may mention others. */
    @ParameterizedTest
    @CsvSource({
        "HUGGINGFACE_HUB_CACHE=~ HF_HOME=/h, /u",
        "HUGGINGFACE_HUB_CACHE=/old HF_HUB_CACHE=/new, /new",
        "HF_HOME=${A}/$B/$A_$C A=/a B=$D D=d, /a/d/$A_$C/hub",
        "HF_HUB_CACHE=$B/$A/{A} A=/a B=$A, $A/a/{A}",
        "XDG_CACHE_HOME=~/$A A=b, /u/b/huggingface/hub",
        "HF_HUB_CACHE=/a/~/$, /a/~/$",
        "HF_HUB_CACHE=~other/hub, ~other/hub"})
    void variablesOfTheCacheAreExpandedAsTheClientExpandsThem(String variables, Path expected) {
        Map<String, String> environment = Stream.of(variables.split(" "))
                .map(variable -> variable.split("=", 2))
                .collect(Collectors.toMap(variable -> variable[0], variable -> variable[1]));
        assertEquals(expected, HubCache.of(environment, Path.of("/u")).folder());
    }

    private Checkpoint open(String model) {
        return Checkpoints.open(model, HubCache.of(Map.of("HF_HUB_CACHE", home.resolve("cache").toString()), home));
    }

    /** Moves the blob of the weights to another place in the cache, and has a link where it was. */
    private void share(String place, String link) throws IOException {
        Path blob = repository.resolve("blobs/model.safetensors");
        Path shared = home.resolve("cache").resolve(place);
        Files.createDirectories(shared.getParent());
        Files.move(blob, shared);
        Files.createSymbolicLink(blob, Path.of(link));
    }

    private String refusal(String model) {
        return assertThrows(InvalidInputException.class, () -> open(model)).getMessage();
    }

    private void assertIncomplete(String lacking) {
        String message = refusal(NAME);
        assertTrue(message.startsWith("The model " + NAME + " is not in the hub's cache as a whole"), message);
        assertTrue(message.contains(repository + "") && message.contains(" lacks " + lacking), message);
        assertTrue(message.endsWith("; hf download " + NAME + " fetches what is missing."), message);
        assertFalse(message.contains("\n"), message);
    }
}
