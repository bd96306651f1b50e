"""Standards written by hand as values of the model, as the reader would make them from small specifications."""

from itertools import pairwise

from clausework.expr import nodes as expr
from clausework.expr.types import Boolean, Duration, Integer, Text
from clausework.model import machine as model
from clausework.model import sequence as steps
from clausework.model.about import About, Citation, Mark
from clausework.model.standard import Clause, Flow, Lifeline, Message, Role, Standard
from clausework.semantics.trace import Sent, Trace, TraceStep
from clausework.source import Name, Position, Source, Span

SOURCE = Source("spec/example/flows/10-example.yaml", "example\n" * 200)
_TEXT = Text()


def about(clause: str = "", mark: Mark = Mark.STATED, *, document: str = "", title: str = "", line: int = 1) -> About:
    span = Span(SOURCE, Position(line, 5), Position(line, 12))
    source = Citation(document=document, clause=clause) if clause or document else None
    return About(span=span, source=source, mark=mark, title=title, cited=bool(source))


def word(text: str) -> expr.Literal:
    return expr.Literal(value=text, type=_TEXT)


def field(name: str) -> expr.MessageField:
    return expr.MessageField(name=Name(name), type=_TEXT)


def is_value(left: expr.Expr, value: str) -> expr.Compare:
    return expr.Compare(operator="=", left=left, right=word(value))


def send(message: str, to: str, **fields: str) -> model.Send:
    given = tuple((Name(name), word(value)) for name, value in fields.items())
    return model.Send(message=Name(message), to=model.ToRole(role=Name(to)), fields=given, about=about())


def notify(name: str) -> model.Notify:
    return model.Notify(name=Name(name), arguments=(), about=about())


def effect(
    *does: model.Send | model.Notify | model.Update,
    to: str | None = None,
    branch: model.Branching | None = None,
    disposition: model.Disposition | None = None,
    of: About | None = None,
) -> model.Effect:
    return model.Effect(
        about=of or about(),
        sends=tuple(each for each in does if isinstance(each, model.Send)),
        notifies=tuple(each for each in does if isinstance(each, model.Notify)),
        updates=tuple(each for each in does if isinstance(each, model.Update)),
        target=Name(to) if to else None,
        branch=branch,
        disposition=disposition,
    )


def receive(message: str, sender: str | None = None) -> model.Receive:
    return model.Receive(message=Name(message), sender=Name(sender) if sender else None)


def command(name: str) -> model.Command:
    return model.Command(name=Name(name))


def after(timer: str) -> model.After:
    return model.After(timer=Name(timer), duration=expr.Parameter(name=Name(timer), type=Duration()))


def on(scope: str | None, trigger: model.Trigger, does: model.Effect) -> model.Handler:
    return model.Handler(trigger=trigger, scope=Name(scope) if scope else None, effect=does, about=does.about)


def state(
    name: str,
    *,
    parent: str | None = None,
    initial: str | None = None,
    final: bool = False,
    mark: Mark = Mark.STATED,
    clause: str = "",
    otherwise: model.Disposition | None = None,
) -> model.State:
    return model.State(
        name=Name(name),
        about=about(clause, mark),
        parent=Name(parent) if parent else None,
        initial=Name(initial) if initial else None,
        final=final,
        otherwise=otherwise,
    )


def machine(
    name: str,
    initial: str,
    states: tuple[model.State, ...],
    handlers: tuple[model.Handler, ...],
    *,
    groups: tuple[model.Group, ...] = (),
    otherwise: model.Disposition | None = None,
    flow: str = "example",
    of: About | None = None,
    keys: tuple[str, ...] = (),
) -> model.Machine:
    made = tuple(model.Field(name=Name(key), type=_TEXT, default=None, about=about()) for key in keys)
    return model.Machine(
        name=Name(name),
        flow=Name(flow),
        role=Name(name),
        about=of or about(),
        keys=made,
        commands=(),
        notifications=(),
        variables=(),
        durable=frozenset(),
        definitions=(),
        columns=(),
        initial=Name(initial),
        states=states,
        groups=groups,
        handlers=handlers,
        addressing=(),
        otherwise=otherwise or model.Ignore(),
    )


# -- machines


def dhcp_client() -> model.Machine:
    """RFC 2131, Figure 5."""
    known = about("4.4", Mark.FROM_REFERENCE, document="RFC 2131")

    def at(arrow: str) -> About:
        return about(f"arrow {arrow}", Mark.FROM_REFERENCE)

    names = ("INIT", "SELECTING", "REQUESTING", "INIT-REBOOT", "REBOOTING", "BOUND", "RENEWING", "REBINDING")
    acceptable = expr.Variable(name=Name("acceptable"), type=Boolean())
    lease = model.Update(variable=Name("lease"), value=field("lease"))
    to_bound = effect(lease, to="BOUND", of=at("7"))
    answered = model.When(
        cases=(
            (acceptable, to_bound),
            (None, effect(send("DHCPDECLINE", "server"), to="INIT", of=at("5"))),
        )
    )
    handlers = (
        on("INIT", command("start"), effect(send("DHCPDISCOVER", "server"), to="SELECTING", of=at("1"))),
        on("SELECTING", receive("DHCPOFFER"), effect(notify("offer"), of=at("2"))),
        on("SELECTING", command("select_offer"), effect(send("DHCPREQUEST", "server"), to="REQUESTING", of=at("3"))),
        on("REQUESTING", receive("DHCPOFFER"), effect(disposition=model.Ignore(), of=at("4"))),
        on("REQUESTING", receive("DHCPACK"), effect(branch=answered, of=at("7"))),
        on("REQUESTING", receive("DHCPNAK"), effect(to="INIT", of=at("6"))),
        on("INIT-REBOOT", command("reboot"), effect(send("DHCPREQUEST", "server"), to="REBOOTING", of=at("8"))),
        on("REBOOTING", receive("DHCPNAK"), effect(to="INIT", of=at("9"))),
        on("REBOOTING", receive("DHCPACK"), effect(lease, to="BOUND", of=at("10"))),
        on("BOUND", after("T1"), effect(send("DHCPREQUEST", "leasing_server"), to="RENEWING", of=at("12"))),
        on("RENEWING", receive("DHCPACK"), effect(lease, to="BOUND", of=at("13"))),
        on("RENEWING", receive("DHCPNAK"), effect(notify("halt_network"), to="INIT", of=at("14"))),
        on("RENEWING", after("T2"), effect(send("DHCPREQUEST", "each_server"), to="REBINDING", of=at("15"))),
        on("REBINDING", receive("DHCPACK"), effect(lease, to="BOUND", of=at("16"))),
        on("REBINDING", receive("DHCPNAK"), effect(notify("halt_network"), to="INIT", of=at("17"))),
        on("REBINDING", after("lease"), effect(notify("halt_network"), to="INIT", of=at("17"))),
    )
    states = tuple(state(name, mark=Mark.FROM_REFERENCE) for name in names)
    return machine("client", "INIT", states, handlers, of=known, flow="dhcp")


def login_client() -> model.Machine:
    """A compound state with arcs of its own, a final state, `anywhere`."""
    tries = expr.Variable(name=Name("tries"), type=Integer(0, 9))
    again = model.Update(
        variable=Name("tries"),
        value=expr.Arithmetic(
            operator="+", left=tries, right=expr.Literal(value=1, type=Integer(0, 9)), type=tries.type
        ),
    )
    left = expr.Compare(operator="<", left=tries, right=expr.Parameter(name=Name("login_tries"), type=tries.type))
    refused = model.When(
        cases=((left, effect(again, send("auth", "irsp"))), (None, effect(notify("failed"), to="offline")))
    )
    handlers = (
        on("offline", command("log_in"), effect(send("stream_open", "irsp"), to="negotiating", of=about("8.2"))),
        on("negotiating", after("answer_time"), effect(notify("failed"), to="offline", of=about("8.2", Mark.INFERRED))),
        on("negotiating", receive("stream_error"), effect(notify("failed"), to="closed")),
        on("negotiating", receive("keep_alive"), effect(send("keep_alive", "irsp"))),
        on("opening", receive("features"), effect(send("start_tls", "irsp"), to="securing")),
        on("securing", receive("proceed"), effect(send("auth", "irsp"), to="authenticating")),
        on("authenticating", receive("success"), effect(send("bind_request", "irsp"), to="binding", of=about("8.3"))),
        on("authenticating", receive("failure"), effect(branch=refused)),
        on("binding", receive("bind_response"), effect(notify("online"), to="online", of=about("8.3"))),
        on(
            "online",
            command("log_out"),
            effect(send("stream_close", "irsp"), to="closed", of=about("12", Mark.ELSEWHERE)),
        ),
        on(None, model.Lost(peer=Name("irsp")), effect(notify("offline"), to="offline")),
        on(None, receive("ping"), effect(send("pong", "irsp"))),
    )
    states = (
        state("offline"),
        state("negotiating", initial="opening", clause="8.1"),
        state("opening", parent="negotiating"),
        state("securing", parent="negotiating", mark=Mark.FROM_REFERENCE),
        state("authenticating", parent="negotiating"),
        state("binding", parent="negotiating", mark=Mark.INFERRED),
        state("online"),
        state("closed", final=True),
    )
    return machine("client", "offline", states, handlers, flow="login", otherwise=model.Impossible())


def relationship_irsp() -> model.Machine:
    """A decision, a group, a table whose rows name the state."""
    rejected = effect(send("relationship_response", "requester", result="rejected"), of=about("10.3.2"))
    asked = effect(send("relationship_response", "requester", result="pending"), to="pending", of=about("10.3.2"))
    known = model.Decide(decision=Name("target_account"), cases=((Name("unknown"), rejected), (Name("known"), asked)))
    self_asked = expr.Compare(operator="=", left=field("requester"), right=field("target"))
    first = model.When(cases=((self_asked, rejected), (None, effect(branch=known))))
    current = expr.CurrentState(type=_TEXT)

    def row(where: str, result: str | None, does: model.Effect) -> model.Row:
        return model.Row(values=((word(where),), (word(result),) if result else None), effect=does, about=does.about)

    table_2 = about("10.3.4", Mark.STATED)
    rows = (
        row("pending", "accepted", effect(send("relationship_notice", "requester"), to="related", of=table_2)),
        row("pending", "rejected", effect(send("relationship_notice", "requester"), to="none", of=table_2)),
        row("none", None, effect(disposition=model.Ignore(), of=table_2)),
        row("related", None, effect(disposition=model.Ignore(), of=table_2)),
    )
    looked_up = model.Lookup(table=Name("table_2"), given=(current, field("result")), rows=rows)
    handlers = (
        on("none", receive("relationship_request", "requester"), effect(branch=first, of=about("10.3.2"))),
        on("known", receive("release", "target"), effect(send("released", "requester"), to="none", of=about("10.4"))),
        on(
            "pending",
            after("pending_time"),
            effect(send("expired", "requester"), to="none", of=about("", Mark.INFERRED)),
        ),
        on("known", receive("relationship_request", "requester"), effect(send("relationship_response", "requester"))),
        on(None, receive("relationship_answer", "target"), effect(branch=looked_up, of=table_2)),
    )
    group = model.Group(name=Name("known"), states=(Name("pending"), Name("related")), about=about())
    states = (state("none"), state("pending", clause="10.3.3"), state("related", otherwise=model.Defer()))
    return machine("irsp", "none", states, handlers, groups=(group,), flow="relationship", keys=("requester", "target"))


def long_machine(count: int) -> model.Machine:
    """A chain of states, all of which may fail."""
    names = [f"state_{place}" for place in range(count)]
    handlers = [on(a, receive(f"next_{b}"), effect(to=b)) for a, b in pairwise(names)]
    handlers += [on(name, receive("stream_error"), effect(to="failed")) for name in names[::3]]
    handlers += [on(names[-1], after("reconnect"), effect(to=names[0]))]
    states = (*(state(name) for name in names), state("failed", final=True))
    return machine("client", names[0], states, tuple(handlers), flow="long")


NASTY = ("a&b", "c<d>", 'e"f', "g\\N", "h:i", "node", "1.5", "-j", "接続 要求", "<b>k</b>")
"""Names that mean something to DOT, to HTML or to Graphviz."""


def nasty_machine() -> model.Machine:
    handlers = [on(a, receive(f"to {b}"), effect(send(b, a), to=b)) for a, b in pairwise(NASTY)]
    handlers += [on(name, receive(name), effect(notify(name))) for name in NASTY]
    return machine("m", NASTY[0], tuple(state(name) for name in NASTY), tuple(handlers), flow="nasty")


# -- sequences


def passes(
    sender: str, receiver: str, message: str, clause: str = "", mark: Mark = Mark.STATED, **fields: str
) -> steps.Passes:
    given = tuple((Name(name), word(value)) for name, value in fields.items())
    return steps.Passes(
        sender=Name(sender), receiver=Name(receiver), message=Name(message), fields=given, about=about(clause, mark)
    )


def does(lifeline: str, name: str) -> steps.Does:
    return steps.Does(lifeline=Name(lifeline), command=Name(name), arguments=(), about=about("10.3.1"))


def told(lifeline: str, name: str, mark: Mark = Mark.STATED) -> steps.Told:
    return steps.Told(lifeline=Name(lifeline), notification=Name(name), arguments=(), about=about("10.3.3", mark))


def decides(lifeline: str, decision: str, answer: str) -> steps.Decides:
    return steps.Decides(
        lifeline=Name(lifeline), decision=Name(decision), answer=Name(answer), about=about("10.3.2", Mark.INFERRED)
    )


def is_in(lifeline: str, state_: str, flow: str = "relationship") -> expr.InState:
    of = expr.Of(flow=Name(flow), machine=Name(lifeline), lifeline=Name(lifeline), type=_TEXT)
    return expr.InState(of=of, states=(Name(state_),))


def at(lifeline: str, state_: str) -> steps.IsIn:
    return steps.IsIn(lifeline=Name(lifeline), condition=is_in(lifeline, state_), about=about())


def figure_4() -> steps.Sequence:
    accepts = (
        does("target", "accept"),
        passes("target", "irsp", "relationship_answer", "10.3.3", result="accepted"),
        passes("irsp", "requester", "relationship_notice", "10.3.4, Table 2, row 1", Mark.INFERRED, state="related"),
        passes("irsp", "target", "relationship_notice", "10.3.4, Table 2, row 1", Mark.INFERRED, state="related"),
        at("requester", "related"),
        at("irsp", "related"),
        at("target", "unasked"),
    )
    rejects = (
        does("target", "reject"),
        passes("target", "irsp", "relationship_answer", "10.3.3", result="rejected"),
        steps.Optionally(
            steps=(passes("irsp", "requester", "relationship_notice", "10.3.4", Mark.INFERRED, state="unrelated"),),
            about=about(),
        ),
    )
    nobody = (
        steps.Waits(lifeline=Name("requester"), timer=Name("approval_time"), about=about("10.3.1", Mark.INFERRED)),
        told("requester", "timed_out", Mark.INFERRED),
    )
    answered = steps.Alternatives(
        cases=((Name("accepts"), accepts), (Name("rejects"), rejects), (Name("nobody_answers"), nobody)),
        about=about("10.3.3"),
    )
    first = (
        does("requester", "ask"),
        passes("requester", "irsp", "relationship_request", "10.3.1", greeting="hello"),
        at("requester", "waiting"),
        decides("irsp", "target_account", "known"),
        passes("irsp", "requester", "relationship_response", "10.3.2", Mark.FROM_REFERENCE, result="pending"),
        passes("irsp", "target", "relationship_request", "10.3.2", Mark.ELSEWHERE),
        told("target", "asked"),
    )
    begins = (is_in("requester", "unrelated"), is_in("irsp", "none"), is_in("target", "unasked"))
    return steps.Sequence(
        name=Name("figure_4"),
        steps=(*first, answered),
        about=about("10.3", title="Relationship with approval"),
        starts=begins,
    )


def figure_1() -> steps.Sequence:
    """References, parallel, repeat, a connection lost and restored, a long command, something that must not happen."""
    login = steps.Reference(
        flow=Name("login"),
        sequence=Name("figure_3"),
        roles=((Name("client"), Name("requester")), (Name("irsp"), Name("irsp"))),
        steps=(passes("requester", "irsp", "stream_open"),),
        about=about("8"),
    )
    device = steps.Reference(
        flow=Name("login"),
        sequence=Name("figure_3"),
        roles=((Name("client"), Name("target")), (Name("irsp"), Name("irsp"))),
        steps=(passes("target", "irsp", "stream_open"),),
        about=about("8"),
    )
    inner = steps.Repeat(
        low=0, high=2, steps=(passes("requester", "target", "text_message", "11.2"),), about=about("11")
    )
    told_ = (
        steps.Parallel(parts=((Name("user"), (login,)), (Name("device"), (device,))), about=about("6")),
        steps.Repeat(
            low=1, high=Name("most_tries"), steps=(inner, passes("irsp", "target", "text_message")), about=about()
        ),
        steps.Loses(lifeline=Name("requester"), peer=Name("irsp"), about=about("12")),
        steps.Restores(lifeline=Name("requester"), peer=Name("irsp"), about=about("12")),
        does("target", "a_command_with_a_name_that_is_really_very_long"),
        steps.Never(event=does("target", "accept"), about=about()),
    )
    ends = (is_in("requester", "offline", flow="login"),)
    return steps.Sequence(name=Name("figure_1"), steps=told_, about=about("6"), ends=ends, impossible=True)


def nasty_sequence() -> steps.Sequence:
    told_ = [passes(a, b, f"{a} {b}", b) for a, b in pairwise(NASTY)]
    return steps.Sequence(name=Name("nasty"), steps=(*told_, *(does(name, name) for name in NASTY)), about=about())


# -- a whole standard


def message(name: str, *directions: tuple[str, str], clause: str = "", mark: Mark = Mark.STATED) -> Message:
    ways = tuple((Name(begin), Name(end)) for begin, end in directions)
    return Message(name=Name(name), directions=ways, fields=(), about=about(clause, mark))


def flow(name: str, title: str, clause: str, *, uses: tuple[str, ...] = (), mark: Mark = Mark.STATED) -> Flow:
    return Flow(
        name=Name(name), title=title, about=about(clause, mark), lifelines=(), uses=tuple(Name(each) for each in uses)
    )


def lifeline(name: str, role: str) -> Lifeline:
    return Lifeline(name=Name(name), role=Name(role), about=about())


def relationship_flow() -> Flow:
    return Flow(
        name=Name("relationship"),
        title="Relationship with approval",
        about=about("10.3"),
        lifelines=(lifeline("requester", "client"), lifeline("irsp", "platform"), lifeline("target", "client")),
        uses=(Name("login"),),
        machines=(relationship_irsp(),),
        sequences=(figure_4(), figure_1()),
    )


def login_flow() -> Flow:
    return Flow(
        name=Name("login"),
        title="User or device login",
        about=about("8"),
        lifelines=(lifeline("client", "client"), lifeline("irsp", "platform")),
        machines=(login_client(),),
        uses=(Name("xmpp.stream"),),
    )


def standard() -> Standard:
    clauses = tuple(
        Clause(kind="clause", number=number, title=title, about=about())
        for number, title in (
            ("7", "Registration"),
            ("8", "Login"),
            ("9", "Access rights"),
            ("10", "Relationships"),
            ("11", "Message exchange between users and devices"),
            ("12", "Logout"),
        )
    )
    flows = (
        flow("registration", "User registration", "7.2", mark=Mark.ELSEWHERE),
        flow("device_registration", "Device registration", "7.3", mark=Mark.ELSEWHERE),
        login_flow(),
        flow("presence", "Presence", "8.4", uses=("login", "subscription")),
        flow("subscription", "Subscription", "8.5", uses=("presence",)),
        flow("rights", "Device access rights", "9", uses=("device_registration", "login"), mark=Mark.INFERRED),
        relationship_flow(),
        flow("relationship_with_code", "Verification code", "10.5", uses=("rights",)),
        flow("release", "Release", "10.4", uses=("relationship",), mark=Mark.FROM_REFERENCE),
        flow("messages", "Message with response", "11.2", uses=("relationship", "relationship_with_code")),
        flow("storage", "Offline storage", "11.7.3", uses=("messages",), mark=Mark.FROM_REFERENCE),
        flow("logout", "Logout", "12", uses=("login",)),
    )
    client, platform = "client", "platform"
    up, down = (client, platform), (platform, client)
    messages = (
        message("relationship_request", up, down, clause="10.3.1"),
        message("relationship_answer", up, clause="10.3.3"),
        message("relationship_response", down, clause="10.3.2", mark=Mark.INFERRED),
        message("relationship_notice", down, clause="10.3.4", mark=Mark.INFERRED),
        message("text_message", up, down, (client, client), clause="11.2", mark=Mark.FROM_REFERENCE),
    )
    return Standard(
        name=Name("igrs"),
        folder="spec/igrs-remote-access",
        title="IGRS Remote Access",
        edition="ISO/IEC 14543-5-8:2017",
        about=about(),
        clauses=clauses,
        roles=(Role(name=Name(client), means="", about=about()), Role(name=Name(platform), means="", about=about())),
        messages=messages,
        flows=flows,
    )


# -- a counterexample


def crossing() -> Trace:
    """Both ask at once; a connection is lost with a message in flight; a request comes where nobody expects it."""

    def sent(number: int, receiver: str, to: str, *, lost: bool = False) -> Sent:
        return Sent(
            number=number, receiver=receiver, message="relationship_request", fields=(("peer", to),),
            about=about("10.3.1", line=26), lost=lost,
        )  # fmt: skip

    def asked(
        number: int, party: str, peer: str, slot: int, queues: tuple[tuple[str, str, tuple[str, ...]], ...]
    ) -> TraceStep:
        waits = ((party, "requester", peer, "waiting"),)
        return TraceStep(
            number=number, party=party, kind="command", name="request_relationship", arguments=(("greeting", "hello"),),
            sends=(sent(slot, "irsp", peer),), changed=waits, queues=queues, about=about("10.3.1", line=24),
        )  # fmt: skip

    request = ("relationship_request",)
    passed_on = TraceStep(
        number=3, party="irsp", kind="deliver", name="relationship_request", sender="u1", received=1,
        answers=(("target_account", "known"),), sends=(sent(3, "u2", "u1"),),
        changed=(("irsp", "irsp", "u1, u2", "pending"),), about=about("10.3.2", Mark.INFERRED, line=51),
        queues=(("u2", "irsp", request), ("irsp", "u2", request)),
    )  # fmt: skip
    also = TraceStep(
        number=4, party="irsp", kind="deliver", name="relationship_request", sender="u2", received=2,
        sends=(sent(4, "u1", "u2"), sent(5, "u2", "u2", lost=True)), about=about("10.3.2", Mark.INFERRED, line=58),
        changed=(("irsp", "irsp", "u2, u1", "pending"),), queues=(("irsp", "u2", request), ("irsp", "u1", request)),
    )  # fmt: skip
    cut = TraceStep(
        number=5,
        party="irsp",
        kind="cut",
        name="xmpp",
        sender="u2",
        queues=(("irsp", "u2", request), ("irsp", "u1", request)),
    )
    noticed = TraceStep(
        number=6,
        party="u2",
        kind="notice",
        name="xmpp",
        sender="irsp",
        queues=(("irsp", "u1", request),),
        vanished=(3,),
    )
    end = TraceStep(
        number=7, party="u1", kind="deliver", name="relationship_request", sender="irsp", received=4,
        fault="u1 is waiting, and waiting has no line for relationship_request", about=about("10.3.3", line=31),
        changed=(("u1", "requester", "u2", "waiting"),),
    )  # fmt: skip
    return Trace(
        parties=(("u1", "user"), ("irsp", "platform"), ("u2", "user")),
        start=(("u1", "requester", "u2", "unrelated"), ("u2", "requester", "u1", "unrelated")),
        steps=(
            asked(1, "u1", "u2", 1, (("u1", "irsp", request),)),
            asked(2, "u2", "u1", 2, (("u1", "irsp", request), ("u2", "irsp", request))),
            passed_on,
            also,
            cut,
            noticed,
            end,
        ),
    )


def circling() -> Trace:
    """A cycle: nobody ever gives up."""
    asks = TraceStep(
        number=2, party="client", kind="expire", name="retry_time", about=about("4.1", line=12),
        sends=(Sent(number=2, receiver="server", message="ask", fields=(), about=about("4.1", line=13)),),
        queues=(("client", "server", ("ask",)),),
    )  # fmt: skip
    refuses = TraceStep(
        number=3, party="server", kind="deliver", name="ask", sender="client", received=2,
        sends=(Sent(number=3, receiver="client", message="refusal", fields=()),),
        queues=(("server", "client", ("refusal",)),),
    )  # fmt: skip
    hears = TraceStep(
        number=4, party="client", kind="deliver", name="refusal", sender="server", received=3,
        notifications=(("refused", (("reason", "busy"),)),),
    )  # fmt: skip
    begins = TraceStep(number=1, party="client", kind="command", name="start", changed=(("client", "m", "", "trying"),))
    return Trace(
        parties=(("client", "client"), ("server", "server")),
        start=(("client", "m", "", "idle"),),
        steps=(begins, asks, refuses, hears),
        loop=2,
    )


def ticking() -> Trace:
    """What an attacker says, and time that passes before it arrives."""
    says = TraceStep(
        number=1, party="client", kind="attack", name="ask", sender="server",
        sends=(Sent(number=1, receiver="server", message="ask", fields=()),),
        queues=(("client", "server", ("ask",)),),
    )  # fmt: skip
    ticks = TraceStep(number=2, party="client", kind="tick", name="", queues=(("client", "server", ("ask",)),))
    hears = TraceStep(number=3, party="server", kind="deliver", name="ask", sender="client", received=1)
    return Trace(parties=(("client", "client"), ("server", "server")), start=(), steps=(says, ticks, hears))
