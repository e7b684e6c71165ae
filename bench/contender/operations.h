// What the harness may ask of this contender.
#pragma once

namespace contender {

void enqueue();
void bulk();
void send();
void send_bulk();

void wait();
void wait_for_first();
void wait_for_event();
void stream();
void drain();

void status();
void list();

void cold();
void idle();

}  // namespace contender
