// From text to YamlNode, through yaml-cpp's event interface. This is the one place that sees
// yaml-cpp: its exceptions, and the ones with which the builder stops it, end in parse().
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "config/yaml_reader.h"

namespace promenade::config {
namespace {

// Deeper nesting than any real file has; bounds the recursion over a tree.
constexpr size_t kYamlDepthMax = 64;
// A larger text is refused before it is parsed. Below it, the time up to any other error grows no
// faster than the text.
constexpr size_t kYamlBytesMax = 16 << 20;

struct TreeSize {
  size_t nodes = 1;
  size_t depth = 1;
};

TreeSize measure(const YamlNode& node) {
  TreeSize size;
  const auto include = [&size](const YamlNode& child) {
    const TreeSize inner = measure(child);
    size.nodes += inner.nodes;
    size.depth = std::max(size.depth, inner.depth + 1);
  };
  for (const YamlNode& item : node.items) include(item);
  for (const YamlEntry& entry : node.entries) include(entry.value);
  return size;
}

YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) {
  YamlNode node;
  node.kind = kind;
  node.line = static_cast<uint32_t>(std::max(mark.line, 0)) + 1;
  node.column = static_cast<uint32_t>(std::max(mark.column, 0)) + 1;
  node.offset = static_cast<uint32_t>(std::max(mark.pos, 0));
  return node;
}

// Builds the tree bottom-up: a frame for each list or mapping that is still open.
class TreeBuilder final : public YAML::EventHandler {
 public:
  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    attach(mark, node_at(mark, YamlNode::Kind::Null), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = node_at(mark, YamlNode::Kind::Scalar);
    node.text = value;
    node.is_quoted = tag == "!";  // How yaml-cpp reports a scalar that is not a plain one.
    attach(mark, std::move(node), anchor);
  }

  // An alias is a copy that stands where it is used, so that errors point at what the anchor holds.
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) stop(mark, "an alias inside the value of its own anchor");
    const TreeSize size = measure(found->second);
    if (open_.size() + size.depth > kYamlDepthMax) stop_too_deep(mark);
    count_nodes(mark, size.nodes);
    attach(mark, found->second, YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, YamlNode::Kind::Sequence, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, YamlNode::Kind::Mapping, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    YamlNode node;
    YAML::Mark mark;
    YAML::anchor_t anchor;
    std::optional<YamlNode> key;    // A mapping's key that waits for its value.
    std::set<std::string> keys;     // Of a mapping, to find repeated ones.
    std::vector<YamlEntry> merged;  // From "<<", less important than the mapping's own.
  };

  [[noreturn]] static void stop(const YAML::Mark& mark, const std::string& message) {
    throw YAML::ParserException(mark, message);
  }
  [[noreturn]] static void stop_too_deep(const YAML::Mark& mark) {
    stop(mark, fmt::format("nested deeper than {} levels", kYamlDepthMax));
  }

  void count_nodes(const YAML::Mark& mark, size_t count) {
    node_count_ += count;
    if (node_count_ > kYamlNodesMax) {
      stop(mark, fmt::format("more than {} values in one file", kYamlNodesMax));
    }
  }

  void open(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor) {
    if (open_.size() >= kYamlDepthMax) stop_too_deep(mark);
    Frame frame;
    frame.node = node_at(mark, kind);
    frame.mark = mark;
    frame.anchor = anchor;
    open_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(open_.back());
    open_.pop_back();
    for (YamlEntry& entry : frame.merged) {
      if (frame.keys.insert(entry.key.text).second) frame.node.entries.push_back(std::move(entry));
    }
    attach(frame.mark, std::move(frame.node), frame.anchor);
  }

  void attach(const YAML::Mark& mark, YamlNode node, YAML::anchor_t anchor) {
    count_nodes(mark, 1);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = open_.back();
    if (frame.node.kind == YamlNode::Kind::Sequence) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.key) {
      take_key(mark, frame, std::move(node));
    } else {
      take_value(mark, frame, std::move(node));
    }
  }

  static void take_key(const YAML::Mark& mark, Frame& frame, YamlNode key) {
    if (key.kind != YamlNode::Kind::Scalar) {
      stop(mark, fmt::format("found {} as a key, expected text", describe(key)));
    }
    const bool is_merge = key.text == "<<" && !key.is_quoted;
    if (!is_merge && !frame.keys.insert(key.text).second) {
      stop(mark, fmt::format("the key \"{}\" stands twice in one mapping; keep one", key.text));
    }
    frame.key = std::move(key);
  }

  static void take_value(const YAML::Mark& mark, Frame& frame, YamlNode value) {
    YamlNode key = std::move(*frame.key);
    frame.key.reset();
    if (key.text == "<<" && !key.is_quoted) {
      merge(mark, frame, std::move(value));
    } else {
      frame.node.entries.push_back({std::move(key), std::move(value)});
    }
  }

  // https://yaml.org/type/merge.html: one mapping, or a list of them, earlier ones first.
  static void merge(const YAML::Mark& mark, Frame& frame, YamlNode value) {
    if (value.kind == YamlNode::Kind::Sequence) {
      for (YamlNode& item : value.items) merge(mark, frame, std::move(item));
      return;
    }
    if (value.kind != YamlNode::Kind::Mapping) {
      stop(mark, fmt::format("found {} after <<, expected an alias of a mapping", describe(value)));
    }
    for (YamlEntry& entry : value.entries) frame.merged.push_back(std::move(entry));
  }

  YamlNode root_;
  std::vector<Frame> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  size_t node_count_ = 0;
};

// Refuses whatever comes after the first document.
class SecondDocument final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    throw YAML::ParserException(mark, "a second document starts here; keep one to a file");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

}  // namespace

Result<YamlFile> YamlFile::parse(std::string name, std::string_view text,
                                 FurtherDocuments further) {
  YamlFile file;
  file.name_ = std::move(name);
  if (text.size() > kYamlBytesMax) {
    return file.error_at(YamlNode{}, fmt::format("the file has {} bytes, and may have {}; split it",
                                                 text.size(), kYamlBytesMax));
  }
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder;
    if (parser.HandleNextDocument(builder) && further == FurtherDocuments::Refuse) {
      SecondDocument second;
      parser.HandleNextDocument(second);
    }
    file.root_ = builder.take_root();
  } catch (const YAML::Exception& exception) {
    const YamlNode place = node_at(exception.mark, YamlNode::Kind::Null);
    return file.error_at(place, "not valid YAML: " + exception.msg);
  }
  return file;
}

tl::unexpected<Error> YamlFile::error_at(const YamlNode& node, std::string_view message) const {
  const auto length = static_cast<uint32_t>(std::max<size_t>(node.text.size(), 1));
  return bad_data(fmt::format("{}:{}:{}: {}", name_, node.line, node.column, message),
                  SourceSpan{node.offset, node.offset + length});
}

}  // namespace promenade::config
