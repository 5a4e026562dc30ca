namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Reads PromQL by precedence climbing (grammar: promql/parser/generated_parser.y of Prometheus 2.42); every refusal names its place.</summary>
internal sealed partial class ExpressionParser
{
    private const int MaxLength = 20_000;
    private const int MaxDepth = 300;

    private readonly TokenReader _tokens;
    private int _depth;

    public ExpressionParser(string text)
    {
        if (text.Length > MaxLength)
            throw new ExpressionRefused($"the expression is longer than {MaxLength} characters", MaxLength);
        _tokens = new TokenReader(text);
    }

    public Expression Read()
    {
        if (_tokens.Next.Kind == TokenKind.End)
            throw new ExpressionRefused("no expression found in input", 0);
        var expression = ReadBinary(0);
        return _tokens.Next.Kind == TokenKind.End ? expression : throw _tokens.Unexpected("");
    }

    private Expression ReadBinary(int weakest)
    {
        var before = _depth;
        Deeper();
        var left = ReadUnary();
        while (Operators.Find(_tokens.Next) is { } op && op.Precedence() >= weakest)
        {
            Deeper();
            left = ReadOperation(left, op);
        }
        _depth = before;
        return left;
    }

    /// <summary>A hostile expression must not exhaust the stack, neither here nor when it is computed.</summary>
    private void Deeper()
    {
        if (++_depth > MaxDepth)
            throw new ExpressionRefused($"the expression has more than {MaxDepth} levels", _tokens.Next.Position);
    }

    private BinaryExpression ReadOperation(Expression left, BinaryOperator op)
    {
        var at = _tokens.Take().Position;
        var returnsBool = _tokens.TakeWord("bool");
        var matching = ReadMatching();
        var right = ReadBinary(op == BinaryOperator.Power ? op.Precedence() : op.Precedence() + 1);
        var between = left.Type == ExpressionType.InstantVector && right.Type == ExpressionType.InstantVector;
        var defaults = new VectorMatching(Cardinality.OneToOne, [], false, []);
        var binary = new BinaryExpression(op, left, right)
        {
            Position = left.Position,
            ReturnsBool = returnsBool,
            Matching = matching ?? (between ? defaults : null),
        };
        if (op.IsSet() && binary.Matching is { Cardinality: Cardinality.OneToOne } any)
            binary = binary with { Matching = any with { Cardinality = Cardinality.ManyToMany } };
        TypeChecks.Check(binary, at, matching is not null);
        return binary;
    }

    private VectorMatching? ReadMatching()
    {
        var on = _tokens.TakeWord("on");
        if (!on && !_tokens.TakeWord("ignoring"))
            return null;
        var labels = _tokens.LabelNames();
        var left = _tokens.TakeWord("group_left");
        if (!left && !_tokens.TakeWord("group_right"))
            return new VectorMatching(Cardinality.OneToOne, labels, on, []);
        var include = _tokens.Next.Is("(") ? _tokens.LabelNames() : [];
        return new VectorMatching(left ? Cardinality.ManyToOne : Cardinality.OneToMany, labels, on, include);
    }

    private Expression ReadUnary()
    {
        if (!_tokens.Next.Is("-") && !_tokens.Next.Is("+"))
            return ReadShifted();
        var sign = _tokens.Take();
        var inner = ReadBinary(BinaryOperator.Power.Precedence());
        if (inner is NumberExpression number)
            return number with { Value = sign.Text == "-" ? -number.Value : number.Value, Position = sign.Position };
        var unary = new UnaryExpression(sign.Text == "-", inner) { Position = sign.Position };
        TypeChecks.Check(unary);
        return unary;
    }
}
