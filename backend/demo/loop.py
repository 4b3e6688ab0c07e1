"""Quality work on the demo factory: complaints, a CAPA under way, one whose cause is wanted, and changes."""

from __future__ import annotations

from datetime import timedelta

from backend.actions.analyse_capa import AnalyseCapa, analyse_capa
from backend.actions.answer_complaint import AnswerComplaint, answer_complaint
from backend.actions.assess_complaint import AssessComplaint, assess_complaint
from backend.actions.investigate_complaint import InvestigateComplaint, investigate_complaint
from backend.actions.keep_change_request import KeepChangeRequest, keep_change_request
from backend.actions.open_capa import OpenCapa, open_capa
from backend.actions.open_change_request import OpenChangeRequest, open_change_request
from backend.actions.plan_capa import PlanCapa, plan_capa
from backend.actions.submit_change_request import SubmitChangeRequest, submit_change_request
from backend.actions.take_complaint import TakeComplaint, take_complaint
from backend.demo.machines import add_machines
from backend.demo.shift import Shift
from backend.domain.capas import Capa, Cause, Origin
from backend.domain.change_requests import Affected, ChangeRequest
from backend.domain.complaints import Complaint
from backend.domain.lots import Lot
from backend.domain.ncrs import Ncr, PlannedFollowUp
from backend.domain.people import Role


async def play_loop(shift: Shift) -> None:
    """Once; whoever asks again finds it there."""
    if await shift.store.read.first(Complaint, "site_id = $1", shift.site_id) is not None:
        return
    await add_machines(shift)
    scene = Loop(shift)
    await scene.complaints()
    await scene.capas()
    await scene.changes()


class Loop:
    """The scene at one site."""

    def __init__(self, shift: Shift) -> None:
        self.shift, self.store = shift, shift.store

    def day(self, days: int) -> str:
        """So many days from the scene's own, as an ISO day."""
        return (self.shift.clock.now + timedelta(days=days)).date().isoformat()

    async def complaints(self) -> None:
        """One that is being investigated, one that was answered: the device was not at fault."""
        lot = await self.store.read.first(
            Lot,
            "status = 'released' and item_id in (select id from item where kind = 'finished') order by created_at",
        )
        number = lot.number if lot is not None else None
        novak = await self.shift.who("novak")
        first = await self._taken("输液时连接处渗漏，更换后正常", "第六人民医院 护士长 王", number)
        harm = AssessComplaint(
            id=self.store.new_id(), complaint_id=first.id, harm="possible", reportable=True
        )
        await assess_complaint(self.store, novak, harm)
        second = await self._taken("Outer box dented, sets inside intact", "Nordic Med, J. Holm", number)
        none = AssessComplaint(id=self.store.new_id(), complaint_id=second.id, harm="none", reportable=False)
        await assess_complaint(self.store, novak, none)
        found = InvestigateComplaint(
            id=self.store.new_id(),
            complaint_id=second.id,
            findings="The box was dented on its way; the carrier confirms it. Retained samples are intact.",
            justified=False,
        )
        await investigate_complaint(self.store, novak, found)
        reply = "Thank you for telling us. The sets may be used; a new box is on its way."
        await answer_complaint(
            self.store,
            novak,
            AnswerComplaint(id=self.store.new_id(), complaint_id=second.id, reply=reply),
        )

    async def _taken(self, described: str, reporter: str, number: str | None) -> Complaint:
        command = TakeComplaint(
            id=self.store.new_id(),
            received_on=self.day(0),
            described=described,
            reporter=reporter,
            lot_number=number,
        )
        return await take_complaint(self.store, await self.shift.who("wang"), command)

    async def capas(self) -> None:
        """One that answers a report of the past and is being carried out, one that is new."""
        novak, zhao = await self.shift.who("novak"), await self.shift.who("zhao")
        ncr = await self.store.read.first(Ncr, "site_id = $1 order by number", self.shift.site_id)
        sources = [Origin("ncr", ncr.number)] if ncr is not None else []
        capa = await self._opened(
            "Burrs on needle tips", "Burrs in two of five lots of one supplier.", sources
        )
        await analyse_capa(
            self.store,
            novak,
            AnalyseCapa(
                id=self.store.new_id(),
                capa_id=capa.id,
                whys=[
                    "Tips touch the tray",
                    "The insert has shrunk",
                    "It is washed at 80 °C, and made for 60 °C",
                ],
                causes=[
                    Cause("material", "Insert shrinks above 60 °C", proven=True),
                    Cause("method", "Wash program changed"),
                    Cause("machine", "Worn punch"),
                    Cause("people", "Trays overfilled"),
                    Cause("measurement", "Burrs are seen from 0.05 mm on"),
                ],
                root_cause="The wash program was changed without asking what the insert stands.",
            ),
        )
        await plan_capa(
            self.store,
            novak,
            PlanCapa(
                id=self.store.new_id(),
                capa_id=capa.id,
                actions=[
                    PlannedFollowUp("Wash inserts at 55 °C", zhao.person_id, self.day(5)),
                    PlannedFollowUp("Ask for a change before wash programs", novak.person_id, self.day(10)),
                ],
                adverse="55 °C with the longer program is validated already (VAL-031).",
                criterion="No burr in the next ten lots.",
                waits_until=self.day(60),
            ),
        )
        await self._opened("连接处渗漏", "两个月内三起投诉，均为同一型号。", [])

    async def _opened(self, title: str, problem: str, sources: list[Origin]) -> Capa:
        command = OpenCapa(id=self.store.new_id(), title=title, problem=problem, sources=sources)
        return await open_capa(self.store, await self.shift.who("novak"), command)

    async def changes(self) -> None:
        """One that waits for its approval, one that is being written."""
        novak = await self.shift.who("novak")
        waiting = await self._drafted(
            "Wash program for inserts", Affected("equipment", "WASH-02", "55 °C, 40 min")
        )
        action = PlannedFollowUp("Instruction at the machine", novak.person_id, self.day(7))
        await submit_change_request(
            self.store,
            novak,
            SubmitChangeRequest(id=self.store.new_id(), change_id=waiting.id, actions=[action]),
        )
        await self._drafted("Label with a larger lot number", Affected("label", "LBL-07", "lot number 4 mm"))

    async def _drafted(self, title: str, affected: Affected) -> ChangeRequest:
        novak = await self.shift.who("novak")
        opened = await open_change_request(
            self.store, novak, OpenChangeRequest(id=self.store.new_id(), title=title)
        )
        told: list[Role] = ["warehouse", "operator"]
        command = KeepChangeRequest(
            id=self.store.new_id(),
            change_id=opened.id,
            title=title,
            why="So that what went wrong cannot come back.",
            risk="None to the device: what touches it stays as it was validated.",
            affected=[affected],
            told=told,
            trained=["operator"],
            due_on=self.day(21),
        )
        return await keep_change_request(self.store, novak, command)
