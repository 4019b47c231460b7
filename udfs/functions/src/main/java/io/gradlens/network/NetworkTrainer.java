package io.gradlens.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradlens.model.NativeBackend;
import io.gradlens.model.StoredMetadata;
import io.gradlens.network.TrainingImages.Part;
import io.gradlens.random.CounterRandom;
import io.gradlens.random.RandomPermutation;
import io.gradlens.train.LearningRate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Trains a network on Spark, epoch by epoch. The weights depend on images, plan and number of
 * workers, not on how the data was partitioned before.
 */
public final class NetworkTrainer {
  private static final String STATE_ENTRY = "training.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JavaSparkContext context;
  private final NetworkPlan plan;
  private final ImageSlices training;
  private final ImageSlices validation;
  private final NetworkObserver observer;
  private final ComputationGraph network;
  private final LearningRate rate;
  private final OdeTally tally;
  private final List<EpochRow> history = new ArrayList<>();

  private NetworkTrainer(
      JavaSparkContext context,
      NetworkPlan plan,
      NetworkData data,
      NetworkObserver observer,
      ComputationGraph network) {
    this.context = context;
    this.plan = plan;
    this.observer = observer;
    this.network = network;
    tally = new OdeTally(context);
    training = data.training();
    validation = data.validation();
    int steps =
        IntStream.range(0, training.groups())
            .map(group -> training.batches(group, plan.batchSize()))
            .sum();
    rate = plan.schedule().over(plan.optimizer().rate(), plan.epochs(), steps);
  }

  /**
   * Begins with a new network.
   *
   * @throws io.gradlens.UserInputException if the network does not go with the plan
   */
  public static NetworkTrainer start(
      JavaSparkContext context,
      NetworkPlan plan,
      NetworkSource source,
      NetworkData data,
      NetworkObserver observer) {
    return new NetworkTrainer(context, plan, data, observer, source.network(plan));
  }

  /**
   * Goes on from a checkpoint.
   *
   * @throws io.gradlens.UserInputException if the file is damaged
   */
  public static NetworkTrainer resume(
      JavaSparkContext context,
      NetworkPlan plan,
      Path checkpoint,
      NetworkData data,
      NetworkObserver observer) {
    NativeBackend.configure();
    NetworkTrainer trainer =
        new NetworkTrainer(context, plan, data, observer, NetworkArchive.read(checkpoint));
    NetworkArchive.entry(checkpoint, STATE_ENTRY)
        .forEach(row -> trainer.history.add(JSON.convertValue(row, EpochRow.class)));
    return trainer;
  }

  /** Of all epochs so far. */
  public List<EpochRow> history() {
    return List.copyOf(history);
  }

  /** How many numbers are learned. */
  public long parameters() {
    return network.numParams();
  }

  /**
   * Trains to the last epoch, or until the loss has not become lower for as long as the plan has
   * patience.
   *
   * @throws NetworkFailedException if the loss is no number any more
   */
  public void run() {
    while (history.size() < plan.epochs() && !isPatienceOver()) {
      history.add(epoch(history.size() + 1));
      Path checkpoint =
          NetworkArchive.write(
              network,
              NetworkArchive.Content.OPTIMIZER_TOO,
              Map.of(
                  StoredMetadata.ENTRY,
                  plan.stored().toJson(),
                  STATE_ENTRY,
                  JSON.valueToTree(history)));
      observer.epochDone(history(), checkpoint, bestEpoch() == history.size());
    }
  }

  private boolean isPatienceOver() {
    return plan.earlyStopping() > 0 && history.size() - bestEpoch() >= plan.earlyStopping();
  }

  /** The epoch with the lowest loss, from 1; 0 before the first. */
  public int bestEpoch() {
    int best = 0;
    for (int i = 0; i < history.size(); i++) {
      best = best == 0 || loss(history.get(i)) < loss(history.get(best - 1)) ? i + 1 : best;
    }
    return best;
  }

  private static double loss(EpochRow row) {
    return Double.isNaN(row.validationLoss()) ? row.trainingLoss() : row.validationLoss();
  }

  private EpochRow epoch(int epoch) {
    long start = System.nanoTime();
    tally.reset();
    double lossSum = 0;
    int jobs = 0;
    long images = 0;
    EpochRow before = history.isEmpty() ? null : history.get(history.size() - 1);
    int iteration = before == null ? 0 : before.iterations();
    RandomPermutation order =
        new RandomPermutation(CounterRandom.bits(plan.seed(), epoch), training.groups());
    for (int place = 0; place < training.groups(); place++) {
      int group = (int) order.at(place);
      int batches = training.batches(group, plan.batchSize());
      int most = plan.master().stepsAJob(plan);
      for (int first = 0; first < batches; first += Math.min(most, batches)) {
        network.setLearningRate(rate.at(iteration));
        int steps = Math.min(most, batches - first);
        double loss =
            plan.master().fit(context, plan, network, batches(group, epoch, first, steps), tally);
        requireFinite(loss, epoch, iteration + 1, iteration + steps);
        // DL4J adds the weights' penalty, that of adamw too, whose decay is no part of any loss.
        lossSum += loss - network.calcRegularizationScore(true);
        jobs++;
        iteration += steps;
        long learned = training.images(group, first, steps, plan.batchSize());
        images += learned;
        observer.learned(learned);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Optional<Confusion> held = ofValidation();
    return new EpochRow(
        epoch,
        iteration,
        rate.at(iteration - 1),
        lossSum / jobs,
        held.map(Confusion::loss).orElse(Double.NaN),
        held.map(Confusion::accuracy).orElse(Double.NaN),
        (before == null ? 0 : before.seconds()) + (System.nanoTime() - start) / 1e9,
        images / seconds,
        tally.nfeForward(),
        tally.nfeBackward());
  }

  private JavaRDD<MultiDataSet> batches(int group, int epoch, int first, int most) {
    BatchAssembly assembly = plan.assembly();
    int firstSlice = group * training.workers();
    List<Integer> sizes = List.copyOf(training.sizes());
    int batchSize = plan.batchSize();
    long seed = plan.seed();
    return training
        .group(group)
        .mapPartitionsWithIndex(
            (worker, images) -> {
              NativeBackend.configure();
              NativeBackend.useOneThread();
              int slice = firstSlice + worker;
              return new Minibatches(
                  images, slice, sizes.get(slice), epoch, first, most, batchSize, seed, assembly);
            },
            true);
  }

  private void requireFinite(double loss, int epoch, int from, int to) {
    if (!Double.isFinite(loss) || !Double.isFinite(network.params().sumNumber().doubleValue())) {
      throw new NetworkFailedException(
          "The loss is %s in epoch %d, iterations %d to %d; lower --learning-rate."
              .formatted(loss, epoch, from, to));
    }
  }

  /** What the network says of the pictures that it learned from. */
  public Confusion ofTraining() {
    return evaluate(training.images());
  }

  /** What it says of those held out. */
  public Optional<Confusion> ofValidation() {
    return Optional.ofNullable(validation).map(held -> evaluate(held.images()));
  }

  /** What it says of others. */
  public Confusion of(TrainingImages images) {
    return evaluate(images.part(Part.ALL, 0, 0).coalesce(plan.workers()));
  }

  private Confusion evaluate(JavaRDD<TrainingImage> images) {
    Broadcast<NetworkEvaluation> shared =
        context.broadcast(
            new NetworkEvaluation(NetworkCopy.of(network), plan.assembly(), plan.batchSize()));
    Confusion all = Confusion.none(plan.stored().classNames().size());
    for (Confusion part :
        images.mapPartitions(each -> List.of(shared.value().of(each)).iterator()).collect()) {
      all = all.plus(part);
    }
    shared.destroy();
    return all;
  }

  /**
   * The network as a DL4J archive that {@code explain} reads: a file of temporary life.
   *
   * @param provenance how it came about
   */
  public Path archive(Map<String, Object> provenance) {
    ObjectNode stored = plan.stored().toJson();
    stored.set("provenance", JSON.valueToTree(provenance));
    stored.withObject("/provenance").set("history", JSON.valueToTree(history));
    Map<String, JsonNode> entries = Map.of(StoredMetadata.ENTRY, stored);
    return NetworkArchive.write(network, NetworkArchive.Content.WEIGHTS, entries);
  }
}
